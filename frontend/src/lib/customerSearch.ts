import type { OwnedScope } from '@/api/types'
import { oneOf } from './leadSearch'

export const OWNED_SCOPES = ['own', 'region', 'company'] as const satisfies readonly OwnedScope[]
export const CUSTOMER_KINDS = ['key', 'no_backup', 'archived'] as const

/** The list of customers as its address says it. */
export interface CustomersSearch {
  scope?: OwnedScope | undefined
  only?: (typeof CUSTOMER_KINDS)[number] | undefined
  region?: string | undefined
  owner?: string | undefined
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined

/** What of an address is understood; the rest is dropped. */
export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return {
    scope: oneOf(raw.scope, OWNED_SCOPES),
    only: oneOf(raw.only, CUSTOMER_KINDS),
    region: idOf(raw.region),
    owner: idOf(raw.owner),
  }
}
