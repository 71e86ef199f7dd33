import { FilterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pipelinesQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { FilterChips } from '@/components/list/FilterChips'
import { FilterSheet } from '@/components/list/FilterSheet'
import { type Filter, isShown, namesOf, useRegionOptions, useSourceOptions } from '@/components/list/filters'
import { asLanguage } from '@/i18n/i18n'
import { type DashboardSearch, MONTHS, readDashboardSearch, USUAL_MONTHS } from '@/lib/dashboardSearch'
import styles from './dashboard.module.css'

const isNotOwn = (scope: OwnedScope): boolean => scope !== 'own'

const FILTERS: readonly Filter<OwnedScope>[] = [
  {
    kind: 'several',
    name: 'region',
    label: (t) => t('opportunity.fields.region'),
    useOptions: useRegionOptions,
    isShown: isNotOwn,
  },
  { kind: 'person', name: 'owner', label: (t) => t('opportunity.fields.owner'), isShown: isNotOwn },
  { kind: 'several', name: 'source', label: (t) => t('opportunity.fields.source'), useOptions: useSourceOptions },
]

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: DashboardSearch
  onChange: (next: DashboardSearch) => void
}

/** Above the figures: how far to look, over which months, at what. */
export function DashboardTools({ scopes, scope, search, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const pipelines = useQuery(pipelinesQuery).data?.items ?? []
  const isEnglish = asLanguage(i18n.language) === 'en'
  const [isFiltering, setIsFiltering] = useState(false)
  const values: Record<string, unknown> = { ...search }
  const change = (more: Record<string, unknown>): void => onChange(readDashboardSearch({ ...values, ...more }))
  const shown = FILTERS.filter((filter) => isShown(filter, scope))
  const active = shown.flatMap(namesOf).filter((name) => values[name] !== undefined).length
  return (
    <>
      <div className={styles.tools}>
        {scopes.length > 1 && (
          <Segmented<OwnedScope>
            aria-label={t('list.scope')}
            value={scope}
            onChange={(next) =>
              change(next === 'own' ? { scope: next, region: undefined, owner: undefined } : { scope: next })
            }
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <Select
          aria-label={t('dashboard.period')}
          className={styles.months ?? ''}
          value={search.months ?? USUAL_MONTHS}
          onChange={(months) => change({ months: months === USUAL_MONTHS ? undefined : months })}
          options={[...new Set([...MONTHS, search.months ?? USUAL_MONTHS])].map((value) => ({
            value,
            label: t('dashboard.lastMonths', { count: value }),
          }))}
        />
        {pipelines.length > 1 && (
          <Select
            aria-label={t('opportunity.fields.pipeline_id')}
            className={styles.months ?? ''}
            value={search.pipeline ?? pipelines[0]?.id}
            onChange={(pipeline) => change({ pipeline })}
            options={pipelines.map(({ id, name_zh, name_en }) => ({ value: id, label: isEnglish ? name_en : name_zh }))}
          />
        )}
        <Badge count={active} color="var(--cd-pine)">
          <Button icon={<FilterOutlined aria-hidden />} onClick={() => setIsFiltering(true)}>
            {t('list.filter')}
          </Button>
        </Badge>
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
        list={{ filters: FILTERS }}
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
