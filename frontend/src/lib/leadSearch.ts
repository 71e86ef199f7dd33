import type { LeadQuery } from '@/api/leads'
import type { LeadViewSettings, ListedState, Scope } from '@/api/types'
import { ago, chosenColumns, count, day, dayOf, join, list, needle, oneOf, several, startOf, text } from './address'

export const SCOPES = ['own', 'region', 'company', 'pool'] as const satisfies readonly Scope[]
export const STATES = [
  'new',
  'assigned',
  'following',
  'disqualified',
  'converted',
] as const satisfies readonly ListedState[]
export const SOURCES = [
  'website',
  'manual',
  'import',
  'partner',
  'exhibition',
  'search_ads',
  'phone',
  'referral',
  'wechat',
  'other',
] as const
export const SORTS = ['-received', 'received', '-activity', 'activity', 'next_step', '-amount', 'company'] as const
export const COLUMNS = [
  'company',
  'contact',
  'place',
  'source',
  'product_line',
  'state',
  'owner',
  'region',
  'first_contact',
  'received',
  'activity',
  'next_step',
  'amount',
  'returns',
] as const
export const USUAL_COLUMNS = ['company', 'contact', 'place', 'state', 'owner', 'first_contact', 'received'] as const
export const FLAGS = ['overdue', 'escalated', 'phone', 'unowned'] as const

export type Sort = (typeof SORTS)[number]
export type Column = (typeof COLUMNS)[number]
export type Flag = (typeof FLAGS)[number]

/** The list as its address says it: whoever opens the link sees the same list, as far as they may. */
export interface LeadsSearch {
  scope?: Scope | undefined
  q?: string | undefined
  state?: string | undefined
  source?: string | undefined
  region?: string | undefined
  owner?: string | undefined
  line?: string | undefined
  /** Received within so many days. */
  days?: number | undefined
  /** Received from and up to these days. */
  from?: string | undefined
  to?: string | undefined
  /** Not followed up for so many days. */
  quiet?: number | undefined
  overdue?: true | undefined
  escalated?: true | undefined
  phone?: true | undefined
  unowned?: true | undefined
  sort?: Sort | undefined
  columns?: string | undefined
  view?: string | undefined
}

/** What of an address is understood; the rest is dropped. */
export function readSearch(raw: Record<string, unknown>): LeadsSearch {
  return {
    scope: oneOf(raw.scope, SCOPES),
    q: text(raw.q)?.slice(0, 100),
    state: several(raw.state, STATES),
    source: text(raw.source),
    region: text(raw.region),
    owner: text(raw.owner),
    line: text(raw.line),
    days: count(raw.days),
    from: day(raw.from),
    to: day(raw.to),
    quiet: count(raw.quiet),
    ...Object.fromEntries(FLAGS.map((flag) => [flag, raw[flag] === true || undefined])),
    sort: oneOf(raw.sort, SORTS),
    columns: several(raw.columns, COLUMNS),
    view: text(raw.view),
  }
}

const columnsOf = (search: LeadsSearch): Column[] => chosenColumns(search.columns, COLUMNS, USUAL_COLUMNS)

/** In the pool every lead is in the same state: it waits to be claimed. */
const statesOf = (search: LeadsSearch, scope: Scope): ListedState[] | undefined =>
  scope === 'pool' ? undefined : (list(search.state) as ListedState[] | undefined)

/** The same as the query of the API. One character is too short to be looked for. */
export function toQuery(search: LeadsSearch, scope: Scope, now: number): LeadQuery {
  return {
    scope,
    sort: search.sort ?? '-received',
    q: needle(search.q),
    state: statesOf(search, scope),
    source: list(search.source),
    region: list(search.region),
    owner: list(search.owner),
    product_line: list(search.line),
    received_from: search.from ? startOf(search.from) : search.days ? ago(search.days, now) : undefined,
    received_before: search.to ? startOf(search.to, 1) : undefined,
    quiet_since: search.quiet ? ago(search.quiet, now) : undefined,
    is_overdue: search.overdue,
    is_escalated: search.escalated,
    has_phone: search.phone,
    has_owner: search.unowned ? false : undefined,
  }
}

/** What a saved view keeps of a list. */
export function toSettings(search: LeadsSearch, scope: Scope): LeadViewSettings {
  return {
    scope,
    sort: search.sort ?? '-received',
    columns: columnsOf(search),
    filter: {
      q: search.q ?? null,
      state: statesOf(search, scope) ?? null,
      source: list(search.source) ?? null,
      region: list(search.region) ?? null,
      owner: list(search.owner) ?? null,
      product_line: list(search.line) ?? null,
      received_days: search.days ?? null,
      received_from: search.from ? startOf(search.from) : null,
      received_before: search.to ? startOf(search.to, 1) : null,
      quiet_days: search.quiet ?? null,
      is_overdue: search.overdue ?? null,
      is_escalated: search.escalated ?? null,
      has_phone: search.phone ?? null,
      has_owner: search.unowned ? false : null,
    },
  }
}

/** The list that a saved view stands for. */
export function fromSettings(settings: LeadViewSettings, view: string): LeadsSearch {
  const filter = settings.filter ?? {}
  return readSearch({
    scope: settings.scope,
    q: filter.q,
    state: join(filter.state),
    source: join(filter.source),
    region: join(filter.region),
    owner: join(filter.owner),
    line: join(filter.product_line),
    days: filter.received_days,
    from: dayOf(filter.received_from),
    to: dayOf(filter.received_before, -1),
    quiet: filter.quiet_days,
    overdue: filter.is_overdue ?? undefined,
    escalated: filter.is_escalated ?? undefined,
    phone: filter.has_phone ?? undefined,
    unowned: filter.has_owner === false || undefined,
    sort: settings.sort,
    columns: join(settings.columns),
    view,
  })
}
