import { AuditOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type CustomerQuery, customersQuery } from '@/api/customers'
import type { OwnedScope } from '@/api/types'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import type { CustomersSearch } from '@/lib/customerSearch'
import { useIsPhone } from '@/lib/media'
import { may, ownedScopesOf, useMe } from '@/lib/session'
import { CustomerCards } from './CustomerCards'
import { CustomerFilters } from './CustomerFilters'
import styles from './CustomersPage.module.css'
import { CustomerTable } from './CustomerTable'

export function CustomersPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const sheets = useCustomerSheets()
  const scopes = ownedScopesOf(me)
  const search = useSearch({ from: '/shell/customers' })
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  const actions = (
    <>
      <Link to="/change-requests" className={styles.approvals} aria-label={t('change.list')}>
        <AuditOutlined aria-hidden /> {isPhone ? null : t('change.list')}
      </Link>
      {may(me, 'customer.create') && (
        <Button
          type={isPhone ? 'default' : 'primary'}
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('customer.new')}
          onClick={() => sheets.open({ kind: 'new' })}
        >
          {isPhone ? null : t('customer.new')}
        </Button>
      )}
    </>
  )
  return (
    <Page title={t('customer.title')} actions={actions}>
      {scope ? (
        <CustomerList scopes={scopes} search={search} scope={scope} />
      ) : (
        <ForbiddenState title={t('customer.noScope')} text={t('leads.noScopeText')} />
      )}
    </Page>
  )
}

function toFilter(scope: OwnedScope, { only, region, owner }: CustomersSearch): CustomerQuery {
  return {
    scope,
    state: [only === 'archived' ? 'archived' : 'active'],
    ...(only === 'key' ? { is_key: true } : {}),
    ...(only === 'no_backup' ? { lacks_backup: true } : {}),
    ...(region ? { region: [region] } : {}),
    ...(owner ? { owner: [owner] } : {}),
  }
}

function CustomerList({ scopes, scope, search }: { scopes: OwnedScope[]; scope: OwnedScope; search: CustomersSearch }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const customers = useInfiniteQuery(customersQuery(toFilter(scope, search)))
  const items = customers.data?.pages.flatMap((page) => page.items) ?? []
  const filter = (next: CustomersSearch): void => void navigate({ to: '/customers', search: next, replace: true })
  const isFiltered = Boolean(search.only || search.region || search.owner)
  const clear = isFiltered && <Button onClick={() => filter({ scope })}>{t('customer.clearFilter')}</Button>
  return (
    <>
      <CustomerFilters scopes={scopes} search={{ ...search, scope }} onChange={filter} />
      {customers.isPending && <CardSkeletons count={5} />}
      {customers.isError && items.length === 0 && (
        <ErrorState error={customers.error} onRetry={() => void customers.refetch()} />
      )}
      {customers.data && items.length === 0 && (
        <EmptyState
          icon={<SearchOutlined aria-hidden />}
          title={isFiltered ? t('customer.emptyFiltered') : t('customer.emptyTitle')}
          text={isFiltered ? t('customer.emptyFilteredText') : t('customer.emptyText')}
          action={clear}
        />
      )}
      {items.length > 0 && (
        <>
          {isPhone ? <CustomerCards customers={items} /> : <CustomerTable customers={items} />}
          <LoadMore {...customers} />
        </>
      )}
    </>
  )
}
