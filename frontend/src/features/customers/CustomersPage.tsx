import { AuditOutlined, PlusOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { ExportButton } from '@/components/ExportButton'
import { LinkButton } from '@/components/LinkButton'
import { List } from '@/components/list/List'
import { useDefaultView } from '@/components/list/useDefaultView'
import { Page } from '@/components/Page'
import { ForbiddenState } from '@/components/states'
import { type CustomersSearch, toCustomerSettings } from '@/lib/customerSearch'
import { useIsPhone } from '@/lib/media'
import { may, ownedScopesOf, useMe } from '@/lib/session'
import { CUSTOMER_LIST } from './customerList'

export function CustomersPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const sheets = useCustomerSheets()
  const scopes = ownedScopesOf(me)
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/customers' })
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  const show = (next: CustomersSearch): void => void navigate({ to: '/customers', search: next, replace: true })
  useDefaultView('customer', search, (view) => show(CUSTOMER_LIST.shownBy(view)))
  const actions = (
    <>
      {scope && may(me, 'export.run') && (
        <ExportButton list={{ target: 'customers', scope, filters: toCustomerSettings(search, scope).filter ?? {} }} />
      )}
      <LinkButton to="/change-requests" icon={<AuditOutlined aria-hidden />} aria-label={t('change.list')}>
        {isPhone ? null : t('change.list')}
      </LinkButton>
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
        <List list={CUSTOMER_LIST} scopes={scopes} scope={scope} search={search} onChange={show} />
      ) : (
        <ForbiddenState title={t('customer.noScope')} text={t('list.noScopeText')} />
      )}
    </Page>
  )
}
