import { lazy } from 'react'
import type { LeadCard, TimelineEntry } from '@/api/types'
import { type Opening, sheetHost } from '@/components/sheetHost'

const LeadFollowUpSheet = lazy(() =>
  import('./LeadFollowUpSheet').then((module) => ({ default: module.LeadFollowUpSheet })),
)
const TakeOverSheet = lazy(() => import('./TakeOverSheet').then((module) => ({ default: module.TakeOverSheet })))
const ReassignSheet = lazy(() => import('./ReassignSheet').then((module) => ({ default: module.ReassignSheet })))
const DisqualifySheet = lazy(() => import('./DisqualifySheet').then((module) => ({ default: module.DisqualifySheet })))
const ReopenSheet = lazy(() => import('./ReopenSheet').then((module) => ({ default: module.ReopenSheet })))
const ConvertSheet = lazy(() => import('./ConvertSheet').then((module) => ({ default: module.ConvertSheet })))
const QuickEntrySheet = lazy(() => import('./QuickEntrySheet').then((module) => ({ default: module.QuickEntrySheet })))

export type SheetLead = Pick<
  LeadCard,
  'id' | 'company' | 'contact_name' | 'phone' | 'owner' | 'first_follow_up_at' | 'version'
>

export type LeadSheet = 'log_follow_up' | 'take_over' | 'reassign' | 'disqualify' | 'reopen' | 'convert'

type Opened = { kind: LeadSheet; lead: SheetLead; corrects?: TimelineEntry } | { kind: 'quick_entry' }

export interface SheetProps extends Opening {
  lead: SheetLead
}

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  if (what.kind === 'quick_entry') return <QuickEntrySheet {...opening} />
  if (what.kind === 'log_follow_up') return <LeadFollowUpSheet lead={what.lead} corrects={what.corrects} {...opening} />
  const Chosen = {
    take_over: TakeOverSheet,
    reassign: ReassignSheet,
    disqualify: DisqualifySheet,
    reopen: ReopenSheet,
    convert: ConvertSheet,
  }[what.kind]
  return <Chosen lead={what.lead} {...opening} />
}

export const { Host: LeadSheetsHost, useSheets: useLeadSheets } = sheetHost<Opened>(OpenSheet)
