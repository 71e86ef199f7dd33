import { lazy } from 'react'
import type { Opportunity, TimelineEntry } from '@/api/types'
import { type Opening, sheetHost } from '@/components/sheetHost'
import type { FollowedDeal } from './OpportunityFollowUpSheet'

const NewOpportunitySheet = lazy(() =>
  import('./NewOpportunitySheet').then((module) => ({ default: module.NewOpportunitySheet })),
)
const EditOpportunitySheet = lazy(() =>
  import('./EditOpportunitySheet').then((module) => ({ default: module.EditOpportunitySheet })),
)
const MoveSheet = lazy(() => import('./MoveSheet').then((module) => ({ default: module.MoveSheet })))
const OpportunityFollowUpSheet = lazy(() =>
  import('./OpportunityFollowUpSheet').then((module) => ({ default: module.OpportunityFollowUpSheet })),
)
const AskSupportSheet = lazy(() =>
  import('@/components/support/AskSupportSheet').then((module) => ({ default: module.AskSupportSheet })),
)

type Opened =
  | { kind: 'new'; customer: { id: string; name: string } }
  | { kind: 'edit'; deal: Opportunity }
  | { kind: 'log_follow_up'; deal: FollowedDeal; corrects?: TimelineEntry }
  | { kind: 'ask_support'; deal: Pick<Opportunity, 'id' | 'name'> }
  | { kind: 'move'; id: string; name: string; stage?: string }

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  switch (what.kind) {
    case 'new':
      return <NewOpportunitySheet customer={what.customer} {...opening} />
    case 'edit':
      return <EditOpportunitySheet deal={what.deal} {...opening} />
    case 'log_follow_up':
      return <OpportunityFollowUpSheet deal={what.deal} corrects={what.corrects} {...opening} />
    case 'ask_support':
      return <AskSupportSheet record={{ opportunity_id: what.deal.id }} name={what.deal.name} {...opening} />
    case 'move':
      return <MoveSheet id={what.id} name={what.name} stage={what.stage} {...opening} />
  }
}

export const { Host: OpportunitySheetsHost, useSheets: useOpportunitySheets } = sheetHost<Opened>(OpenSheet)
