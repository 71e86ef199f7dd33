import { useQuery } from '@tanstack/react-query'
import { customerQuery } from '@/api/customers'
import type { Subject } from '@/api/documents'
import { opportunityQuery } from '@/api/opportunities'
import type { Contact, Customer } from '@/api/types'

/** The customer that a record is or belongs to; null for a lead, and until it is here. */
export function useCustomerOf(subject: Subject | null): Customer | null {
  const isDeal = subject?.type === 'opportunity'
  const deal = useQuery({ ...opportunityQuery(subject?.id ?? ''), enabled: isDeal })
  const id = subject?.type === 'customer' ? subject.id : isDeal ? deal.data?.customer?.id : undefined
  const customer = useQuery({ ...customerQuery(id ?? ''), enabled: id !== undefined })
  return id === undefined ? null : (customer.data ?? null)
}

export type Reachable = Contact & { email: string }

const isReachable = (contact: Contact): contact is Reachable => contact.is_active && Boolean(contact.email)

/** The people at the record's customer who have an e-mail address. */
export function useMailContacts(subject: Subject): Reachable[] {
  return useCustomerOf(subject)?.contacts.filter(isReachable) ?? []
}
