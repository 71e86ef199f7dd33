import { useQuery } from '@tanstack/react-query'
import { customerSupportQuery } from '@/api/support'
import type { Customer } from '@/api/types'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { SupportRequestsCard } from '@/components/support/SupportRequestsCard'
import { may, useMe } from '@/lib/session'

/** What engineers were asked for this customer and its deals. */
export function CustomerSupportCard({ customer }: { customer: Customer }) {
  const me = useMe()
  const sheets = useCustomerSheets()
  const support = useQuery(customerSupportQuery(customer.id))
  const asks = may(me, 'support.ask') && customer.actions.includes('log_follow_up')
  const ask = (): void => sheets.open({ kind: 'ask_support', customer })
  return <SupportRequestsCard found={support} onAsk={asks ? ask : null} namesDeals />
}
