import type { TFunction } from 'i18next'
import type { LeadCard } from '@/api/types'
import { leadName } from '@/components/lead/leadWords'
import { readablePhone } from '@/lib/phone'

/** What the search shows of a record of any kind. */
export interface SearchHit {
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
  return { id: lead.id, name: leadName(t, lead), line: facts.filter(Boolean).join(' · ') }
}
