import type { TFunction } from 'i18next'
import type { CustomerCard, LeadCard, OpportunityCard } from '@/api/types'
import { leadName } from '@/components/lead/leadWords'
import { money } from '@/lib/money'
import { readablePhone } from '@/lib/phone'

/** What the search shows of a record of any kind. */
export interface SearchHit {
  kind: 'customer' | 'opportunity' | 'lead'
  id: string
  name: string
  line: string
}

export function leadHit(t: TFunction, lead: LeadCard): SearchHit {
  const phone = lead.phone ? readablePhone(lead.phone) : null
  const facts = [
    t(`lead.states.${lead.state}`),
    lead.contact_name,
    phone,
    lead.owner?.name ?? t('lead.noOwner'),
    lead.number,
  ]
  return { kind: 'lead', id: lead.id, name: leadName(t, lead), line: facts.filter(Boolean).join(' · ') }
}

export function customerHit(t: TFunction, customer: CustomerCard): SearchHit {
  const phone = customer.phone ? readablePhone(customer.phone) : null
  const facts = [t('search.customer'), customer.contact, phone, customer.owner.name, customer.number]
  return { kind: 'customer', id: customer.id, name: customer.name, line: facts.filter(Boolean).join(' · ') }
}

export function opportunityHit(t: TFunction, deal: OpportunityCard): SearchHit {
  const amount = deal.expected_amount === null ? null : money(deal.expected_amount, deal.currency)
  const state = deal.state === 'open' ? null : t(`opportunity.states.${deal.state}`)
  const facts = [t('search.opportunity'), state, deal.customer?.name, amount, deal.owner.name, deal.number]
  return { kind: 'opportunity', id: deal.id, name: deal.name, line: facts.filter(Boolean).join(' · ') }
}
