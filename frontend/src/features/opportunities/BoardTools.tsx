import { FilterOutlined, FlagOutlined, HourglassOutlined } from '@ant-design/icons'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnedScope } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { FilterChips } from '@/components/list/FilterChips'
import { FilterSheet } from '@/components/list/FilterSheet'
import { isShown, namesOf } from '@/components/list/filters'
import { SearchBox } from '@/components/list/SearchBox'
import { ViewsMenu } from '@/components/list/ViewsMenu'
import { BOARD_SORTS, type BoardSearch, readBoardSearch } from '@/lib/boardSearch'
import { fromOpportunitySettings, readOpportunitiesSearch, toOpportunitySettings } from '@/lib/opportunitySearch'
import { word } from '@/lib/words'
import styles from './BoardTools.module.css'
import { BOARD_FILTERS } from './list/opportunityFilters'

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: BoardSearch
  onChange: (next: BoardSearch) => void
}

const LIST = {
  filters: BOARD_FILTERS,
  sorts: BOARD_SORTS,
  sortWord: (t: Parameters<typeof word>[0], sort: string) => word(t, `board.sorts.${sort}`, sort),
}

/** Above the board: how far to look, what to look for, in which order. */
export function BoardTools({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const [isFiltering, setIsFiltering] = useState(false)
  const values: Record<string, unknown> = { ...search }
  const change = (more: Record<string, unknown>): void =>
    onChange(readBoardSearch({ ...values, ...more, view: undefined }))
  const shown = BOARD_FILTERS.filter((filter) => isShown(filter, scope))
  const active = shown.flatMap(namesOf).filter((name) => values[name] !== undefined).length
  return (
    <>
      <div className={styles.tools}>
        {scopes.length > 1 && (
          <Segmented<OwnedScope>
            aria-label={t('list.scope')}
            value={scope}
            onChange={(next) =>
              change(next === 'own' ? { scope: next, owner: undefined, region: undefined } : { scope: next })
            }
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <div className={styles.search}>
          <SearchBox
            value={search.q ?? ''}
            label={t('board.search')}
            placeholder={t('board.searchPlaceholder')}
            onSearch={(q) => change({ q: q || undefined })}
          />
        </div>
        {scope !== 'own' && (
          <div className={styles.owner}>
            <ColleagueSelect
              label={t('opportunity.fields.owner')}
              placeholder={t('opportunity.fields.owner')}
              value={search.owner ?? null}
              onChange={(owner) => change({ owner: owner ?? undefined })}
            />
          </div>
        )}
        <Button
          icon={<FlagOutlined aria-hidden />}
          aria-pressed={Boolean(search.flagged)}
          type={search.flagged ? 'primary' : 'default'}
          onClick={() => change({ flagged: search.flagged ? undefined : 'yes' })}
        >
          {t('board.onlyFlagged')}
        </Button>
        <Button
          icon={<HourglassOutlined aria-hidden />}
          aria-pressed={Boolean(search.late)}
          type={search.late ? 'primary' : 'default'}
          onClick={() => change({ late: search.late ? undefined : 'yes' })}
        >
          {t('board.onlyLate')}
        </Button>
        <Badge count={active} color="var(--cd-pine)">
          <Button icon={<FilterOutlined aria-hidden />} onClick={() => setIsFiltering(true)}>
            {t('list.filter')}
          </Button>
        </Badge>
        <ViewsMenu
          subject="opportunity"
          view={search.view}
          settings={toOpportunitySettings(readOpportunitiesSearch({ ...values, stage: undefined }), scope)}
          onShow={(view) =>
            onChange(readBoardSearch({ ...fromOpportunitySettings(view.settings, view.id), stage: undefined }))
          }
          onName={(view) => onChange({ ...search, view })}
        />
        <Select
          aria-label={t('board.sort')}
          className={styles.sort ?? ''}
          value={search.sort ?? BOARD_SORTS[0]}
          onChange={(sort) => change({ sort })}
          options={BOARD_SORTS.map((value) => ({ value, label: t(`board.sorts.${value}`) }))}
        />
      </div>
      <FilterChips
        filters={shown}
        scope={scope}
        values={values}
        more={{}}
        onRemove={(name) => change({ [name]: undefined })}
      />
      <FilterSheet
        key={`${isFiltering}`}
        list={LIST}
        open={isFiltering}
        scope={scope}
        search={search}
        onClose={() => setIsFiltering(false)}
        onApply={(more) => {
          setIsFiltering(false)
          change(more)
        }}
      />
    </>
  )
}
