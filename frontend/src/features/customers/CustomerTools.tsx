import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnedScope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColumnsMenu } from '@/components/list/ColumnsMenu'
import styles from '@/components/list/ListTools.module.css'
import { SearchBox } from '@/components/list/SearchBox'
import { ViewsMenu } from '@/components/list/ViewsMenu'
import { join } from '@/lib/address'
import {
  CUSTOMER_COLUMNS,
  CUSTOMER_FILTERS,
  CUSTOMER_KINDS,
  CUSTOMER_SORTS,
  type CustomersSearch,
  customerColumnsOf,
  fromCustomerSettings,
  toCustomerSettings,
} from '@/lib/customerSearch'
import { useIsPhone } from '@/lib/media'
import { CustomerChips } from './CustomerChips'
import { CustomerFilterSheet } from './CustomerFilterSheet'

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: CustomersSearch
  onChange: (next: CustomersSearch) => void
}

/** Everything above the list: how far to look, what to look for, in which order. */
export function CustomerTools({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [filters, setFilters] = useState(false)
  const change = (more: CustomersSearch): void => onChange({ ...search, ...more, view: undefined })
  const active = CUSTOMER_FILTERS.filter((name) => search[name] !== undefined).length
  return (
    <div className={styles.tools}>
      <div className={styles.line}>
        {scopes.length > 1 && (
          <Segmented<OwnedScope>
            className={styles.scopes ?? ''}
            aria-label={t('leads.filterScope')}
            value={scope}
            onChange={(next) =>
              change(next === 'own' ? { scope: next, region: undefined, owner: undefined } : { scope: next })
            }
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <SearchBox
          value={search.q ?? ''}
          label={t('customer.search')}
          placeholder={t('customer.searchPlaceholder')}
          onSearch={(q) => change({ q: q || undefined })}
        />
      </div>
      <div className={styles.line}>
        <div className={styles.states}>
          <ChoiceGrid
            size="chip"
            name="only"
            label={t('customer.filter')}
            value={search.only ?? 'all'}
            onChange={(next) => change({ only: CUSTOMER_KINDS.find((known) => known === next) })}
            choices={[
              { value: 'all', label: t('customer.filters.all') },
              ...CUSTOMER_KINDS.map((value) => ({ value, label: t(`customer.filters.${value}`) })),
            ]}
          />
        </div>
        <div className={styles.controls}>
          <Badge count={active} color="var(--cd-pine)">
            <Button icon={<FilterOutlined aria-hidden />} onClick={() => setFilters(true)}>
              {t('leads.filter')}
            </Button>
          </Badge>
          <ViewsMenu
            subject="customer"
            view={search.view}
            settings={toCustomerSettings(search, scope)}
            onShow={(view) => onChange(fromCustomerSettings(view.settings, view.id))}
            onName={(view) => onChange({ ...search, view })}
          />
          {!isPhone && (
            <>
              <Select
                aria-label={t('leads.sort')}
                className={styles.sort ?? ''}
                value={search.sort ?? '-activity'}
                onChange={(sort) => change({ sort })}
                options={CUSTOMER_SORTS.map((value) => ({ value, label: t(`customer.sorts.${value}`) }))}
              />
              <ColumnsMenu
                columns={CUSTOMER_COLUMNS}
                chosen={customerColumnsOf(search)}
                name={(column) => t(`customer.columnNames.${column}`)}
                onChoose={(columns) => change({ columns: join(columns) })}
              />
            </>
          )}
        </div>
      </div>
      <CustomerChips search={search} onChange={change} />
      <CustomerFilterSheet
        key={`${filters}`}
        open={filters}
        scope={scope}
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
