import { PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { leadsQuery } from '@/api/leads'
import type { ListedState, Scope } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { useLeadSheets } from '@/components/lead/LeadSheets'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { may, scopesOf, useMe } from '@/lib/session'
import { LeadCards } from './LeadCards'
import { LeadFilters } from './LeadFilters'
import { LeadTable } from './LeadTable'

export function LeadsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const sheets = useLeadSheets()
  const scopes = scopesOf(me)
  const search = useSearch({ from: '/shell/leads' })
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  const add = may(me, 'lead.create') && (
    <Button
      type={isPhone ? 'default' : 'primary'}
      icon={<PlusOutlined aria-hidden />}
      aria-label={t('quick.open')}
      onClick={() => sheets.open({ kind: 'quick_entry' })}
    >
      {isPhone ? null : t('quick.open')}
    </Button>
  )
  return (
    <Page title={t('lead.title')} actions={add}>
      {scope ? (
        <LeadList scopes={scopes} scope={scope} state={search.state} />
      ) : (
        <ForbiddenState title={t('leads.noScope')} text={t('leads.noScopeText')} />
      )}
    </Page>
  )
}

function LeadList({ scopes, scope, state }: { scopes: Scope[]; scope: Scope; state: ListedState | undefined }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const leads = useInfiniteQuery(leadsQuery({ scope, state }))
  const items = leads.data?.pages.flatMap((page) => page.items) ?? []
  const filter = (next: { scope: Scope; state?: ListedState | undefined }): void =>
    void navigate({ to: '/leads', search: next, replace: true })
  const clear = state && <Button onClick={() => filter({ scope })}>{t('leads.clearFilter')}</Button>
  return (
    <>
      <LeadFilters scopes={scopes} scope={scope} state={state} onChange={filter} />
      {leads.isPending && <CardSkeletons count={5} />}
      {leads.isError && items.length === 0 && <ErrorState error={leads.error} onRetry={() => void leads.refetch()} />}
      {leads.data && items.length === 0 && (
        <EmptyState
          icon={<SearchOutlined aria-hidden />}
          title={state ? t('leads.emptyFiltered') : t('leads.emptyTitle')}
          text={state ? t('leads.emptyFilteredText') : t('leads.emptyText')}
          action={clear}
        />
      )}
      {items.length > 0 && (
        <>
          {isPhone ? <LeadCards leads={items} /> : <LeadTable leads={items} />}
          <LoadMore {...leads} />
        </>
      )}
    </>
  )
}
