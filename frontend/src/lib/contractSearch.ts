import type { ContractQuery } from '@/api/contracts'
import type { OwnedScope } from '@/api/types'
import { oneOf } from './address'
import { OWNED_SCOPES } from './customerSearch'

export const CONTRACT_KINDS = ['signing', 'delivering', 'late', 'completed'] as const

/** The list of contracts as its address says it. */
export interface ContractsSearch {
  scope?: OwnedScope | undefined
  only?: (typeof CONTRACT_KINDS)[number] | undefined
}

export function readContractsSearch(raw: Record<string, unknown>): ContractsSearch {
  return { scope: oneOf(raw.scope, OWNED_SCOPES), only: oneOf(raw.only, CONTRACT_KINDS) }
}

/** The same as the query of the API. */
export function toContractQuery({ only }: ContractsSearch, scope: OwnedScope): ContractQuery {
  if (only === 'late') return { scope, is_late: true }
  return { scope, state: only ? [only] : undefined }
}
