import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Scope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { FILTERS, type LeadsSearch, SORTS, STATES } from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'
import { ColumnsMenu } from './ColumnsMenu'
import { FilterChips } from './FilterChips'
import { FilterSheet } from './FilterSheet'
import styles from './LeadTools.module.css'
import { SearchBox } from './SearchBox'
import { ViewsMenu } from './ViewsMenu'

interface Props {
  scopes: Scope[]
  scope: Scope
  search: LeadsSearch
  onChange: (next: LeadsSearch) => void
}

/** Everything above the list: how far to look, what to look for, in which order. */
export function LeadTools({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [filters, setFilters] = useState(false)
  const change = (more: LeadsSearch): void => onChange({ ...search, ...more, view: undefined })
  const active = FILTERS.filter((name) => name !== 'state' && search[name] !== undefined).length
  return (
    <div className={styles.tools}>
      <div className={styles.line}>
        {scopes.length > 1 && (
          <Segmented<Scope>
            className={styles.scopes ?? ''}
            aria-label={t('leads.filterScope')}
            value={scope}
            onChange={(next) => change({ scope: next })}
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <SearchBox value={search.q ?? ''} onSearch={(q) => change({ q: q || undefined })} />
      </div>
      <div className={styles.line}>
        <div className={styles.states}>
          <ChoiceGrid
            size="chip"
            name="state"
            label={t('leads.filterState')}
            value={search.state ?? 'all'}
            onChange={(next) => change({ state: next === 'all' ? undefined : next })}
            choices={[
              { value: 'all', label: t('leads.allStates') },
              ...STATES.map((value) => ({ value, label: t(`lead.states.${value}`) })),
            ]}
          />
        </div>
        <div className={styles.controls}>
          <Badge count={active} color="var(--cd-pine)">
            <Button icon={<FilterOutlined aria-hidden />} onClick={() => setFilters(true)}>
              {t('leads.filter')}
            </Button>
          </Badge>
          <ViewsMenu search={search} scope={scope} onShow={onChange} />
          {!isPhone && (
            <>
              <Select
                aria-label={t('leads.sort')}
                className={styles.sort ?? ''}
                value={search.sort ?? '-received'}
                onChange={(sort) => change({ sort })}
                options={SORTS.map((value) => ({ value, label: t(`leads.sorts.${value}`) }))}
              />
              <ColumnsMenu search={search} onChange={change} />
            </>
          )}
        </div>
      </div>
      <FilterChips search={search} onChange={change} />
      <FilterSheet
        key={`${filters}`}
        open={filters}
        search={search}
        onClose={() => setFilters(false)}
        onApply={(more) => {
          setFilters(false)
          change(more)
        }}
      />
    </div>
  )
}
