import type { BoardQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { list, needle, oneOf, text } from './address'
import { OWNED_SCOPES } from './customerSearch'

export const BOARD_SORTS = ['-entered', 'entered', 'activity', 'close', '-amount', 'name'] as const

/** The board as its address says it. */
export interface BoardSearch {
  scope?: OwnedScope | undefined
  q?: string | undefined
  sort?: (typeof BOARD_SORTS)[number] | undefined
  flagged?: 'yes' | undefined
  /** In no later stage for too long: what the superior's report names. */
  late?: 'yes' | undefined
  owner?: string | undefined
  pipeline?: string | undefined
  /** The column that the phone shows. */
  stage?: string | undefined
}

export function readBoardSearch(raw: Record<string, unknown>): BoardSearch {
  return {
    scope: oneOf(raw.scope, OWNED_SCOPES),
    q: text(raw.q)?.slice(0, 100),
    sort: oneOf(raw.sort, BOARD_SORTS),
    flagged: oneOf(raw.flagged, ['yes'] as const),
    late: oneOf(raw.late, ['yes'] as const),
    owner: text(raw.owner),
    pipeline: text(raw.pipeline),
    stage: text(raw.stage),
  }
}

/** The same as the query of the API. */
export const toBoardQuery = (search: BoardSearch, scope: OwnedScope): BoardQuery => ({
  scope,
  sort: search.sort ?? '-entered',
  q: needle(search.q),
  is_flagged: search.flagged ? true : undefined,
  is_unadvanced: search.late ? true : undefined,
  owner: scope === 'own' ? undefined : list(search.owner),
  pipeline: search.pipeline,
})
