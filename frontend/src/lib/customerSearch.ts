import type { CustomerQuery } from '@/api/customers'
import type { CustomerState, CustomerViewSettings, OwnedScope } from '@/api/types'
import { ago, chosenColumns, count, join, list, needle, oneOf, several, text } from './address'

export const OWNED_SCOPES = ['own', 'region', 'company'] as const satisfies readonly OwnedScope[]
export const CUSTOMER_KINDS = ['key', 'no_backup', 'archived'] as const
export const CUSTOMER_SORTS = ['-activity', 'activity', 'name', '-created', 'created', 'next_step'] as const
export const CUSTOMER_COLUMNS = [
  'name',
  'contact',
  'place',
  'industry',
  'state',
  'owner',
  'backup',
  'region',
  'source',
  'tags',
  'credit_code',
  'activity',
  'next_step',
  'created',
] as const
export const USUAL_CUSTOMER_COLUMNS = ['name', 'contact', 'place', 'state', 'owner', 'region', 'activity'] as const

export type CustomerSort = (typeof CUSTOMER_SORTS)[number]
export type CustomerColumn = (typeof CUSTOMER_COLUMNS)[number]

/** The list of customers as its address says it: whoever opens the link sees the same list, as far as they may. */
export interface CustomersSearch {
  scope?: OwnedScope | undefined
  q?: string | undefined
  only?: (typeof CUSTOMER_KINDS)[number] | undefined
  industry?: string | undefined
  source?: string | undefined
  region?: string | undefined
  owner?: string | undefined
  tag?: string | undefined
  /** Entered within so many days. */
  days?: number | undefined
  /** Nothing happened for so many days. */
  quiet?: number | undefined
  /** Something happened within so many days. */
  active?: number | undefined
  sort?: CustomerSort | undefined
  columns?: string | undefined
  view?: string | undefined
}

/** What of an address is understood; the rest is dropped. */
export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return {
    scope: oneOf(raw.scope, OWNED_SCOPES),
    q: text(raw.q)?.slice(0, 100),
    only: oneOf(raw.only, CUSTOMER_KINDS),
    industry: text(raw.industry),
    source: text(raw.source),
    region: text(raw.region),
    owner: text(raw.owner),
    tag: text(raw.tag),
    days: count(raw.days),
    quiet: count(raw.quiet),
    active: count(raw.active),
    sort: oneOf(raw.sort, CUSTOMER_SORTS),
    columns: several(raw.columns, CUSTOMER_COLUMNS),
    view: text(raw.view),
  }
}

const customerColumnsOf = (search: CustomersSearch): CustomerColumn[] =>
  chosenColumns(search.columns, CUSTOMER_COLUMNS, USUAL_CUSTOMER_COLUMNS)

const stateOf = (search: CustomersSearch): CustomerState[] => [search.only === 'archived' ? 'archived' : 'active']

const chosen = (search: CustomersSearch) => ({
  industry: list(search.industry),
  source: list(search.source),
  region: list(search.region),
  owner: list(search.owner),
  tag: list(search.tag),
  is_key: search.only === 'key' || undefined,
  lacks_backup: search.only === 'no_backup' || undefined,
})

/** The same as the query of the API. */
export function toCustomerQuery(search: CustomersSearch, scope: OwnedScope, now: number): CustomerQuery {
  return {
    ...chosen(search),
    scope,
    sort: search.sort ?? '-activity',
    q: needle(search.q),
    state: stateOf(search),
    created_from: search.days ? ago(search.days, now) : undefined,
    quiet_since: search.quiet ? ago(search.quiet, now) : undefined,
    active_since: search.active ? ago(search.active, now) : undefined,
  }
}

/** What a saved view keeps of a list. */
export function toCustomerSettings(search: CustomersSearch, scope: OwnedScope): CustomerViewSettings {
  const { industry, source, region, owner, tag, is_key, lacks_backup } = chosen(search)
  return {
    scope,
    sort: search.sort ?? '-activity',
    columns: customerColumnsOf(search),
    filter: {
      q: search.q ?? null,
      state: stateOf(search),
      industry: industry ?? null,
      source: source ?? null,
      region: region ?? null,
      owner: owner ?? null,
      tag: tag ?? null,
      created_days: search.days ?? null,
      quiet_days: search.quiet ?? null,
      active_days: search.active ?? null,
      is_key: is_key ?? null,
      lacks_backup: lacks_backup ?? null,
    },
  }
}

/** The list that a saved view stands for. */
export function fromCustomerSettings(settings: CustomerViewSettings, view: string): CustomersSearch {
  const filter = settings.filter ?? {}
  const isArchived = filter.state?.includes('archived')
  return readCustomersSearch({
    scope: settings.scope,
    q: filter.q,
    only: filter.lacks_backup ? 'no_backup' : filter.is_key ? 'key' : isArchived ? 'archived' : undefined,
    industry: join(filter.industry),
    source: join(filter.source),
    region: join(filter.region),
    owner: join(filter.owner),
    tag: join(filter.tag),
    days: filter.created_days,
    quiet: filter.quiet_days,
    active: filter.active_days,
    sort: settings.sort,
    columns: join(settings.columns),
    view,
  })
}
