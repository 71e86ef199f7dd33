import type { BoardQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { oneOf, text } from './address'
import { OWNED_SCOPES } from './customerSearch'
import { type Narrowing, narrowingQuery, readNarrowing } from './opportunitySearch'

export const BOARD_SORTS = ['-entered', 'entered', 'activity', 'close', '-amount', 'name'] as const

/** The board as its address says it. */
export interface BoardSearch extends Narrowing {
  scope?: OwnedScope | undefined
  sort?: (typeof BOARD_SORTS)[number] | undefined
  pipeline?: string | undefined
  view?: string | undefined
  /** The column that the phone shows. */
  stage?: string | undefined
}

export function readBoardSearch(raw: Record<string, unknown>): BoardSearch {
  return {
    ...readNarrowing(raw),
    scope: oneOf(raw.scope, OWNED_SCOPES),
    sort: oneOf(raw.sort, BOARD_SORTS),
    pipeline: text(raw.pipeline),
    view: text(raw.view),
    stage: text(raw.stage),
  }
}

/** The same as the query of the API. */
export const toBoardQuery = (search: BoardSearch, scope: OwnedScope, now: number): BoardQuery => ({
  ...narrowingQuery(search, now),
  scope,
  sort: search.sort ?? '-entered',
  owner: scope === 'own' ? undefined : narrowingQuery(search, now).owner,
  pipeline: search.pipeline,
})
