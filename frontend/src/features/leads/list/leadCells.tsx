import type { TFunction } from 'i18next'
import type { LeadCard } from '@/api/types'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { sourceWords } from '@/components/lead/leadWords'
import { PoolCountdown, SHOWN_WITHIN } from '@/components/lead/PoolCountdown'
import type { Column } from '@/components/list/description'
import { TwoLines } from '@/components/list/TwoLines'
import { Moment } from '@/components/Moment'
import type { Column as Name } from '@/lib/leadSearch'
import { money } from '@/lib/money'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import { DueCell } from '../DueCell'

type Cell = (t: TFunction) => Column<LeadCard>

export const LEAD_CELLS: Record<Exclude<Name, 'company'>, Cell> = {
  contact: () => ({
    width: 150,
    render: (_, lead) => (
      <TwoLines second={lead.phone && <span className="figures">{readablePhone(lead.phone)}</span>}>
        {lead.contact_name}
      </TwoLines>
    ),
  }),
  place: (t) => ({
    width: 120,
    render: (_, lead) => (
      <TwoLines second={sourceWords(t, lead.source)}>{placeName(lead.province, lead.city)}</TwoLines>
    ),
  }),
  source: (t) => ({ width: 110, render: (_, lead) => sourceWords(t, lead.source) }),
  product_line: () => ({ width: 110, render: (_, lead) => lead.product_line }),
  state: () => ({ width: 132, render: (_, lead) => <LeadStateTag state={lead.state} /> }),
  owner: (t) => ({
    width: 124,
    render: (_, lead) => (
      <>
        {lead.owner?.name ?? <TwoLines second={t('lead.noOwner')} />}
        <PoolCountdown at={lead.returns_to_pool_at} within={SHOWN_WITHIN} />
      </>
    ),
  }),
  region: () => ({ width: 110, render: (_, lead) => lead.region?.name }),
  first_contact: () => ({ width: 178, render: (_, lead) => <DueCell lead={lead} /> }),
  received: () => ({ width: 130, render: (_, lead) => <Moment at={lead.received_at} /> }),
  activity: () => ({ width: 150, render: (_, lead) => <Moment at={lead.last_activity_at} /> }),
  next_step: () => ({
    width: 160,
    render: (_, lead) => (
      <TwoLines second={lead.next_step}>{lead.next_step_at && <Moment at={lead.next_step_at} />}</TwoLines>
    ),
  }),
  amount: () => ({
    width: 140,
    align: 'right',
    render: (_, lead) => lead.expected_amount && money(lead.expected_amount, lead.currency),
  }),
  returns: () => ({ width: 150, render: (_, lead) => <PoolCountdown at={lead.returns_to_pool_at} /> }),
}
