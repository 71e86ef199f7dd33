import type { StayQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { day, list, oneOf, startOf, text } from './address'
import { OWNED_SCOPES } from './customerSearch'

export const STAY_SORTS = ['-began', 'began', '-dwell'] as const
export const STAY_OUTCOMES = ['standing', 'ended', 'advanced'] as const

/** The list of stays in stages as its address says it: what stands behind a figure of the dashboard. */
export interface StaysSearch {
  scope?: OwnedScope | undefined
  stage?: string | undefined
  pipeline?: string | undefined
  owner?: string | undefined
  region?: string | undefined
  source?: string | undefined
  outcome?: (typeof STAY_OUTCOMES)[number] | undefined
  /** Begun from and up to these days. */
  from?: string | undefined
  to?: string | undefined
  /** Ended from and up to these days. */
  end_from?: string | undefined
  end_to?: string | undefined
  sort?: (typeof STAY_SORTS)[number] | undefined
}

export function readStaysSearch(raw: Record<string, unknown>): StaysSearch {
  return {
    scope: oneOf(raw.scope, OWNED_SCOPES),
    stage: text(raw.stage),
    pipeline: text(raw.pipeline),
    owner: text(raw.owner),
    region: text(raw.region),
    source: text(raw.source),
    outcome: oneOf(raw.outcome, STAY_OUTCOMES),
    from: day(raw.from),
    to: day(raw.to),
    end_from: day(raw.end_from),
    end_to: day(raw.end_to),
    sort: oneOf(raw.sort, STAY_SORTS),
  }
}

export const toStayQuery = (search: StaysSearch, scope: OwnedScope): StayQuery => ({
  scope,
  sort: search.sort ?? '-began',
  stage: list(search.stage),
  pipeline: list(search.pipeline),
  owner: list(search.owner),
  region: list(search.region),
  source: list(search.source),
  outcome: search.outcome,
  began_from: search.from ? startOf(search.from) : undefined,
  began_before: search.to ? startOf(search.to, 1) : undefined,
  ended_from: search.end_from ? startOf(search.end_from) : undefined,
  ended_before: search.end_to ? startOf(search.end_to, 1) : undefined,
})
