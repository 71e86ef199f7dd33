import { SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customerCountQuery, customersQuery } from '@/api/customers'
import type { OwnedScope } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { ListCount } from '@/components/list/ListCount'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import {
  areFiltered,
  type CustomersSearch,
  customerColumnsOf,
  toCustomerQuery,
  withoutCustomerFilters,
} from '@/lib/customerSearch'
import { useIsPhone } from '@/lib/media'
import { serverNow } from '@/lib/serverClock'
import { CustomerBulkBar } from './CustomerBulkBar'
import { CustomerCards } from './CustomerCards'
import { CustomerTable } from './CustomerTable'
import { CustomerTools } from './CustomerTools'

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: CustomersSearch
  onChange: (next: CustomersSearch) => void
}

export function CustomerList({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const query = useMemo(() => toCustomerQuery(search, scope, serverNow()), [search, scope])
  const customers = useInfiniteQuery(customersQuery(query))
  const counted = useQuery(customerCountQuery(query))
  const items = customers.data?.pages.flatMap((page) => page.items) ?? []
  const [chosen, setChosen] = useState<string[]>([])
  const shown = items.filter((customer) => chosen.includes(customer.id))
  const show = (next: CustomersSearch): void => {
    setChosen([])
    onChange(next)
  }
  const isNarrowed = areFiltered(search)
  return (
    <>
      <CustomerTools scopes={scopes} scope={scope} search={search} onChange={show} />
      {customers.isPending && <CardSkeletons count={5} />}
      {customers.isError && items.length === 0 && (
        <ErrorState error={customers.error} onRetry={() => void customers.refetch()} />
      )}
      {customers.data && items.length === 0 && (
        <EmptyState
          icon={<SearchOutlined aria-hidden />}
          title={isNarrowed ? t('customer.emptyFiltered') : t('customer.emptyTitle')}
          text={isNarrowed ? t('customer.emptyFilteredText') : t('customer.emptyText')}
          action={
            isNarrowed && (
              <Button onClick={() => show(withoutCustomerFilters(search))}>{t('customer.clearFilter')}</Button>
            )
          }
        />
      )}
      {items.length > 0 && (
        <>
          <ListCount counted={counted.data} />
          {isPhone ? (
            <CustomerCards customers={items} />
          ) : (
            <CustomerTable
              customers={items}
              columns={customerColumnsOf(search)}
              chosen={shown.map((customer) => customer.id)}
              onChoose={setChosen}
            />
          )}
          <LoadMore {...customers} />
        </>
      )}
      {shown.length > 0 && <CustomerBulkBar customers={shown} onDone={() => setChosen([])} />}
    </>
  )
}
