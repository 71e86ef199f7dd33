import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Scope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColumnsMenu } from '@/components/list/ColumnsMenu'
import styles from '@/components/list/ListTools.module.css'
import { SearchBox } from '@/components/list/SearchBox'
import { ViewsMenu } from '@/components/list/ViewsMenu'
import { join } from '@/lib/address'
import {
  COLUMNS,
  columnsOf,
  FILTERS,
  fromSettings,
  type LeadsSearch,
  SORTS,
  STATES,
  toSettings,
} from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'
import { FilterSheet } from './FilterSheet'
import { LeadChips } from './LeadChips'

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
        <SearchBox
          value={search.q ?? ''}
          label={t('leads.search')}
          placeholder={t('leads.searchPlaceholder')}
          onSearch={(q) => change({ q: q || undefined })}
        />
      </div>
      <div className={styles.line}>
        {scope === 'pool' ? (
          <span />
        ) : (
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
        )}
        <div className={styles.controls}>
          <Badge count={active} color="var(--cd-pine)">
            <Button icon={<FilterOutlined aria-hidden />} onClick={() => setFilters(true)}>
              {t('leads.filter')}
            </Button>
          </Badge>
          <ViewsMenu
            subject="lead"
            view={search.view}
            settings={toSettings(search, scope)}
            onShow={(view) => onChange(fromSettings(view.settings, view.id))}
            onName={(view) => onChange({ ...search, view })}
          />
          {!isPhone && (
            <>
              <Select
                aria-label={t('leads.sort')}
                className={styles.sort ?? ''}
                value={search.sort ?? '-received'}
                onChange={(sort) => change({ sort })}
                options={SORTS.map((value) => ({ value, label: t(`leads.sorts.${value}`) }))}
              />
              <ColumnsMenu
                columns={COLUMNS}
                chosen={columnsOf(search)}
                name={(column) => t(`leads.columnNames.${column}`)}
                onChoose={(columns) => change({ columns: join(columns) })}
              />
            </>
          )}
        </div>
      </div>
      <LeadChips search={search} onChange={change} />
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
