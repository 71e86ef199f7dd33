import { useQuery } from '@tanstack/react-query'
import { customerQuery } from '@/api/customers'
import type { Subject } from '@/api/documents'
import { leadQuery } from '@/api/leads'
import { opportunityQuery } from '@/api/opportunities'
import type { Contact, ContactRole, Customer, Lead } from '@/api/types'

/** The customer that a record is or belongs to; null for a lead, and until it is here. */
export function useCustomerOf(subject: Subject | null): Customer | null {
  const isDeal = subject?.type === 'opportunity'
  const deal = useQuery({ ...opportunityQuery(subject?.id ?? ''), enabled: isDeal })
  const id = subject?.type === 'customer' ? subject.id : isDeal ? deal.data?.customer?.id : undefined
  const customer = useQuery({ ...customerQuery(id ?? ''), enabled: id !== undefined })
  return id === undefined ? null : (customer.data ?? null)
}

export interface Reachable {
  name: string
  email: string
  /** Of a contact; who stands behind a lead has none yet. */
  role?: ContactRole
}

const ofCustomer = ({ contacts }: Customer): Reachable[] =>
  contacts.flatMap(({ name, role, email, is_active }: Contact) => (is_active && email ? [{ name, role, email }] : []))

const ofLead = ({ contact_name: name, email }: Lead): Reachable[] => (email ? [{ name, email }] : [])

/** The people at the record's customer who have an e-mail address, or who stands behind a lead. */
export function useMailContacts(subject: Subject): Reachable[] {
  const customer = useCustomerOf(subject)
  const lead = useQuery({ ...leadQuery(subject.id), enabled: subject.type === 'lead' }).data
  if (lead) return ofLead(lead)
  return customer ? ofCustomer(customer) : []
}
