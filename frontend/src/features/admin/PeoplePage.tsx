import { PlusOutlined, SearchOutlined, TeamOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { Person } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { indentedOption, type RegionOption, regionOptions } from '@/lib/regionTree'
import { type PeopleFilter, peopleQuery } from './api'
import { PeopleCards, PeopleTable } from './PeopleList'
import styles from './PeoplePage.module.css'
import { PersonSheet } from './PersonSheet'

export function PeoplePage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="people.manage" title={t('people.title')}>
      <People />
    </RequirePermission>
  )
}

type Opened = { person: Person | null; serial: number }

function People() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [filter, setFilter] = useState<PeopleFilter>({ q: '', withInactive: false })
  const people = useInfiniteQuery(peopleQuery(useDeferredValue(filter)))
  const items = people.data?.pages.flatMap((page) => page.items) ?? []
  const [opened, setOpened] = useState<Opened>({ person: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (person: Person | null): void => {
    setOpened(({ serial }) => ({ person, serial: serial + 1 }))
    setIsOpen(true)
  }
  const List = isPhone ? PeopleCards : PeopleTable
  return (
    <Page
      title={t('people.title')}
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('people.add')}
          onClick={() => open(null)}
        >
          {isPhone ? null : t('people.add')}
        </Button>
      }
    >
      <Filters filter={filter} onChange={setFilter} />
      {people.isPending && <CardSkeletons count={5} />}
      {people.isError && items.length === 0 && (
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      )}
      {people.data && items.length === 0 && (
        <EmptyState icon={<TeamOutlined aria-hidden />} title={t('people.emptyTitle')} text={t('people.emptyText')} />
      )}
      {items.length > 0 && (
        <>
          <List people={items} onOpen={open} />
          <LoadMore {...people} />
        </>
      )}
      {opened.serial > 0 && (
        <PersonSheet key={opened.serial} person={opened.person} open={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Page>
  )
}

function Filters({ filter, onChange }: { filter: PeopleFilter; onChange: (filter: PeopleFilter) => void }) {
  const { t } = useTranslation()
  const regions = useQuery(regionsQuery)
  return (
    <div className={styles.filters}>
      <Input
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t('people.search')}
        placeholder={t('people.search')}
        value={filter.q}
        maxLength={50}
        onChange={(event) => onChange({ ...filter, q: event.target.value })}
      />
      <Select<string, RegionOption>
        allowClear
        aria-label={t('people.region')}
        placeholder={t('people.region')}
        options={regionOptions(regions.data?.items ?? [])}
        optionRender={indentedOption}
        value={filter.regionId}
        onChange={(regionId?: string) => onChange({ ...filter, regionId })}
      />
      <Checkbox
        checked={filter.withInactive}
        onChange={(event) => onChange({ ...filter, withInactive: event.target.checked })}
      >
        {t('people.showInactive')}
      </Checkbox>
    </div>
  )
}
