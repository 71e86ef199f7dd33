import { useQuery } from '@tanstack/react-query'
import { dealSupportQuery } from '@/api/support'
import type { Opportunity } from '@/api/types'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { SupportRequestsCard } from '@/components/support/SupportRequestsCard'
import { may, useMe } from '@/lib/session'

/** What engineers were asked for this deal. */
export function SupportCard({ deal }: { deal: Opportunity }) {
  const me = useMe()
  const sheets = useOpportunitySheets()
  const support = useQuery(dealSupportQuery(deal.id))
  const asks = may(me, 'support.ask') && deal.actions.includes('log_follow_up') && deal.state !== 'lost'
  const ask = (): void => sheets.open({ kind: 'ask_support', deal })
  return <SupportRequestsCard found={support} onAsk={asks ? ask : null} />
}
