import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { customerCountQuery, customersQuery } from '@/api/customers'
import type { CustomerCard, OwnedScope } from '@/api/types'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import type { ListDescription } from '@/components/list/description'
import { Moment } from '@/components/Moment'
import {
  CUSTOMER_COLUMNS,
  CUSTOMER_KINDS,
  CUSTOMER_SORTS,
  type CustomersSearch,
  fromCustomerSettings,
  readCustomersSearch,
  toCustomerQuery,
  toCustomerSettings,
  USUAL_CUSTOMER_COLUMNS,
} from '@/lib/customerSearch'
import { placeName } from '@/lib/places'
import { serverNow } from '@/lib/serverClock'
import { word } from '@/lib/words'
import { CustomerBulkBar } from './CustomerBulkBar'
import { CUSTOMER_CELLS } from './customerCells'
import { CUSTOMER_FILTERS } from './customerFilters'

function useRows(search: CustomersSearch, scope: OwnedScope) {
  const query = useMemo(() => toCustomerQuery(search, scope, serverNow()), [search, scope])
  return { rows: useInfiniteQuery(customersQuery(query)), counted: useQuery(customerCountQuery(query)).data }
}

export const CUSTOMER_LIST: ListDescription<CustomerCard, CustomersSearch, OwnedScope> = {
  subject: 'customer',
  read: readCustomersSearch,
  useRows,
  settings: toCustomerSettings,
  shownBy: (view) => fromCustomerSettings(view.settings, view.id),
  words: (t) => ({
    search: t('customer.search'),
    placeholder: t('customer.searchPlaceholder'),
    empty: { title: t('customer.emptyTitle'), text: t('customer.emptyText') },
    emptyFiltered: {
      title: t('customer.emptyFiltered'),
      text: t('customer.emptyFilteredText'),
      clear: t('customer.clearFilter'),
    },
  }),
  kinds: {
    name: 'only',
    choices: CUSTOMER_KINDS,
    label: (t) => t('customer.filter'),
    all: (t) => t('customer.filters.all'),
    word: (t, kind) => word(t, `customer.filters.${kind}`, kind),
  },
  filters: CUSTOMER_FILTERS,
  sorts: CUSTOMER_SORTS,
  sortWord: (t, sort) => word(t, `customer.sorts.${sort}`, sort),
  columns: CUSTOMER_COLUMNS,
  usualColumns: USUAL_CUSTOMER_COLUMNS,
  columnWord: (t, column) => word(t, `customer.columnNames.${column}`, column),
  cells: CUSTOMER_CELLS,
  nameWidth: 260,
  name: (_, customer) => customer.name,
  card: {
    facts: (_, customer) => [customer.contact, placeName(customer.province, customer.city), customer.industry],
    Marks: ({ item }) => <CustomerMarks customer={item} />,
    small: (t, { owner, backup_owner, last_activity_at }) => (
      <>
        {[owner.name, backup_owner?.name].filter(Boolean).join(t('common.listSeparator'))} ·{' '}
        <Moment at={last_activity_at} />
      </>
    ),
  },
  Bulk: CustomerBulkBar,
}
