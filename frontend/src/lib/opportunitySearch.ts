import type { OpportunityQuery } from '@/api/opportunities'
import type { OpportunityViewSettings, OwnedScope } from '@/api/types'
import { ago, chosenColumns, count, day, dayOf, join, list, needle, oneOf, several, startOf, text } from './address'
import { OWNED_SCOPES } from './customerSearch'
import { isAmount } from './money'

export const DEAL_STATES = ['open', 'won', 'lost'] as const
export const DEAL_SORTS = ['-entered', 'entered', '-activity', 'activity', 'close', '-amount', 'name'] as const
export const DEAL_COLUMNS = [
  'name',
  'customer',
  'stage',
  'state',
  'amount',
  'close',
  'owner',
  'backup',
  'region',
  'source',
  'product_line',
  'next_step',
  'age',
  'activity',
  'closed',
  'loss_reason',
] as const
export const USUAL_DEAL_COLUMNS = ['name', 'customer', 'stage', 'amount', 'close', 'owner', 'age'] as const
export const LOSSES = [
  'price',
  'delivery_time',
  'technical',
  'competitor',
  'no_budget',
  'no_answer',
  'cancelled',
  'other',
] as const
export const DEAL_FLAGS = ['flagged', 'late', 'overdue', 'review', 'nobackup'] as const

export type DealColumn = (typeof DEAL_COLUMNS)[number]

type Yes = 'yes' | undefined

/** What narrows board and list alike. */
export interface Narrowing {
  q?: string | undefined
  source?: string | undefined
  region?: string | undefined
  owner?: string | undefined
  line?: string | undefined
  /** Amounts from and up to. */
  min?: string | undefined
  max?: string | undefined
  /** Expected to close from and up to these days. */
  close_from?: string | undefined
  close_to?: string | undefined
  /** Made within so many days. */
  days?: number | undefined
  /** In its stage for so many days. */
  here?: number | undefined
  /** Without an update for so many days. */
  quiet?: number | undefined
  flagged?: Yes
  /** In no later stage for too long: what the superior's report names. */
  late?: Yes
  /** With a next step whose time has passed. */
  overdue?: Yes
  review?: Yes
  nobackup?: Yes
}

/** The list of opportunities as its address says it. */
export interface OpportunitiesSearch extends Narrowing {
  scope?: OwnedScope | undefined
  state?: string | undefined
  stage?: string | undefined
  pipeline?: string | undefined
  loss?: string | undefined
  /** Closed from and up to these days. */
  from?: string | undefined
  to?: string | undefined
  /** Of a lead that was received from and up to these days. */
  lead_from?: string | undefined
  lead_to?: string | undefined
  sort?: (typeof DEAL_SORTS)[number] | undefined
  columns?: string | undefined
  view?: string | undefined
}

const amount = (value: unknown): string | undefined => (isAmount(`${value ?? ''}`) ? `${value}` : undefined)

/** What of an address narrows board or list; the rest is dropped. */
export function readNarrowing(raw: Record<string, unknown>): Narrowing {
  return {
    q: text(raw.q)?.slice(0, 100),
    source: text(raw.source),
    region: text(raw.region),
    owner: text(raw.owner),
    line: text(raw.line),
    min: amount(raw.min),
    max: amount(raw.max),
    close_from: day(raw.close_from),
    close_to: day(raw.close_to),
    days: count(raw.days),
    here: count(raw.here),
    quiet: count(raw.quiet),
    ...Object.fromEntries(
      DEAL_FLAGS.map((flag) => [flag, [true, 'true', 'yes'].includes(raw[flag] as string) ? 'yes' : undefined]),
    ),
  }
}

export function readOpportunitiesSearch(raw: Record<string, unknown>): OpportunitiesSearch {
  return {
    ...readNarrowing(raw),
    scope: oneOf(raw.scope, OWNED_SCOPES),
    state: several(raw.state, DEAL_STATES),
    stage: text(raw.stage),
    pipeline: text(raw.pipeline),
    loss: several(raw.loss, LOSSES),
    from: day(raw.from),
    to: day(raw.to),
    lead_from: day(raw.lead_from),
    lead_to: day(raw.lead_to),
    sort: oneOf(raw.sort, DEAL_SORTS),
    columns: several(raw.columns, DEAL_COLUMNS),
    view: text(raw.view),
  }
}

/** The day after the last one, as a day. */
const dayAfter = (date: string): string | undefined => dayOf(startOf(date, 1))

/** The same as the query of the API, for board and list. */
export function narrowingQuery(search: Narrowing, now: number) {
  return {
    q: needle(search.q),
    source: list(search.source),
    region: list(search.region),
    owner: list(search.owner),
    product_line: list(search.line),
    amount_from: search.min,
    amount_to: search.max,
    closes_from: search.close_from,
    closes_before: search.close_to && dayAfter(search.close_to),
    created_from: search.days ? ago(search.days, now) : undefined,
    entered_before: search.here ? ago(search.here, now) : undefined,
    quiet_since: search.quiet ? ago(search.quiet, now) : undefined,
    is_flagged: search.flagged && true,
    is_unadvanced: search.late && true,
    is_late: search.overdue && true,
    needs_review: search.review && true,
    has_backup: search.nobackup ? false : undefined,
  }
}

type States = OpportunityQuery['state']
type Losses = OpportunityQuery['loss_reason']

export function toOpportunityQuery(search: OpportunitiesSearch, scope: OwnedScope, now: number): OpportunityQuery {
  return {
    ...narrowingQuery(search, now),
    scope,
    sort: search.sort ?? '-entered',
    state: list(search.state) as States,
    stage: list(search.stage),
    pipeline: list(search.pipeline),
    loss_reason: list(search.loss) as Losses,
    closed_from: search.from ? startOf(search.from) : undefined,
    closed_before: search.to ? startOf(search.to, 1) : undefined,
    lead_received_from: search.lead_from ? startOf(search.lead_from) : undefined,
    lead_received_before: search.lead_to ? startOf(search.lead_to, 1) : undefined,
  }
}

/** What a saved view keeps of a list. */
export function toOpportunitySettings(search: OpportunitiesSearch, scope: OwnedScope): OpportunityViewSettings {
  const { created_from: _, entered_before: __, quiet_since: ___, q: ____, ...kept } = narrowingQuery(search, 0)
  const { state, stage, pipeline, loss_reason, closed_from, closed_before, lead_received_from, lead_received_before } =
    toOpportunityQuery(search, scope, 0)
  const filter = {
    ...kept,
    state,
    stage,
    pipeline,
    loss_reason,
    closed_from,
    closed_before,
    lead_received_from,
    lead_received_before,
    q: search.q,
    created_days: search.days,
    in_stage_days: search.here,
    quiet_days: search.quiet,
  }
  return {
    scope,
    sort: search.sort ?? '-entered',
    columns: chosenColumns(search.columns, DEAL_COLUMNS, USUAL_DEAL_COLUMNS),
    filter: Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value ?? null])),
  }
}

/** The list that a saved view stands for. */
export function fromOpportunitySettings(settings: OpportunityViewSettings, view: string): OpportunitiesSearch {
  const filter = settings.filter ?? {}
  return readOpportunitiesSearch({
    scope: settings.scope,
    q: filter.q,
    state: join(filter.state),
    stage: join(filter.stage),
    pipeline: join(filter.pipeline),
    loss: join(filter.loss_reason),
    source: join(filter.source),
    region: join(filter.region),
    owner: join(filter.owner),
    line: join(filter.product_line),
    min: filter.amount_from,
    max: filter.amount_to,
    close_from: filter.closes_from,
    close_to: filter.closes_before ? dayOf(startOf(filter.closes_before, -1)) : undefined,
    from: dayOf(filter.closed_from),
    to: dayOf(filter.closed_before, -1),
    lead_from: dayOf(filter.lead_received_from),
    lead_to: dayOf(filter.lead_received_before, -1),
    days: filter.created_days,
    here: filter.in_stage_days,
    quiet: filter.quiet_days,
    flagged: filter.is_flagged,
    late: filter.is_unadvanced,
    overdue: filter.is_late,
    review: filter.needs_review,
    nobackup: filter.has_backup === false,
    sort: settings.sort,
    columns: join(settings.columns),
    view,
  })
}
