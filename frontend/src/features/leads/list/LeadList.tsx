import { SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadCountQuery, leadsQuery } from '@/api/leads'
import type { Scope } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { ListCount } from '@/components/list/ListCount'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { columnsOf, isFiltered, type LeadsSearch, toQuery, withoutFilters } from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'
import { serverNow } from '@/lib/serverClock'
import { BulkBar } from './BulkBar'
import { LeadCards } from './LeadCards'
import { LeadTable } from './LeadTable'
import { LeadTools } from './LeadTools'

interface Props {
  scopes: Scope[]
  scope: Scope
  search: LeadsSearch
  onChange: (next: LeadsSearch) => void
}

export function LeadList({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const query = useMemo(() => toQuery(search, scope, serverNow()), [search, scope])
  const leads = useInfiniteQuery(leadsQuery(query))
  const counted = useQuery(leadCountQuery(query))
  const [chosen, setChosen] = useState<string[]>([])
  const items = leads.data?.pages.flatMap((page) => page.items) ?? []
  const shown = chosen.filter((id) => items.some((lead) => lead.id === id))
  const show = (next: LeadsSearch): void => {
    setChosen([])
    onChange(next)
  }
  return (
    <>
      <LeadTools scopes={scopes} scope={scope} search={search} onChange={show} />
      {leads.isPending && <CardSkeletons count={5} />}
      {leads.isError && items.length === 0 && <ErrorState error={leads.error} onRetry={() => void leads.refetch()} />}
      {leads.data && items.length === 0 && (
        <EmptyState
          icon={<SearchOutlined aria-hidden />}
          title={
            isFiltered(search) ? t('leads.emptyFiltered') : t(scope === 'pool' ? 'leads.emptyPool' : 'leads.emptyTitle')
          }
          text={
            isFiltered(search)
              ? t('leads.emptyFilteredText')
              : t(scope === 'pool' ? 'leads.emptyPoolText' : 'leads.emptyText')
          }
          action={
            isFiltered(search) && <Button onClick={() => show(withoutFilters(search))}>{t('leads.clearFilter')}</Button>
          }
        />
      )}
      {items.length > 0 && (
        <>
          <ListCount counted={counted.data} />
          {isPhone ? (
            <LeadCards leads={items} />
          ) : (
            <LeadTable leads={items} columns={columnsOf(search)} chosen={shown} onChoose={setChosen} />
          )}
          <LoadMore {...leads} />
        </>
      )}
      {shown.length > 0 && (
        <BulkBar leads={items.filter((lead) => shown.includes(lead.id))} onDone={() => setChosen([])} />
      )}
    </>
  )
}
