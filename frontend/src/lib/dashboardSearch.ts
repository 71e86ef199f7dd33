import type { DashboardQuery } from '@/api/dashboard'
import type { Dashboard, OwnedScope } from '@/api/types'
import { count, dayOf, join, list, oneOf, text } from './address'
import { OWNED_SCOPES } from './customerSearch'
import type { OpportunitiesSearch } from './opportunitySearch'
import type { StaysSearch } from './staysSearch'

export const MONTHS = [3, 6, 12, 24, 36] as const
export const USUAL_MONTHS = 12

/** The dashboard as its address says it. */
export interface DashboardSearch {
  scope?: OwnedScope | undefined
  /** How many months, and which is the last; the present one where nothing is said. */
  months?: number | undefined
  last?: string | undefined
  pipeline?: string | undefined
  region?: string | undefined
  owner?: string | undefined
  source?: string | undefined
}

export function readDashboardSearch(raw: Record<string, unknown>): DashboardSearch {
  const months = count(raw.months)
  return {
    scope: oneOf(raw.scope, OWNED_SCOPES),
    months: months && months <= 36 ? months : undefined,
    last: /^20\d\d-(0[1-9]|1[0-2])$/.test(`${raw.last}`) ? `${raw.last}` : undefined,
    pipeline: text(raw.pipeline),
    region: text(raw.region),
    owner: text(raw.owner),
    source: text(raw.source),
  }
}

export const toDashboardQuery = (search: DashboardSearch, scope: OwnedScope): DashboardQuery => ({
  scope,
  months: search.months ?? USUAL_MONTHS,
  last_month: search.last,
  pipeline: search.pipeline,
  region: list(search.region),
  owner: list(search.owner),
  source: list(search.source),
})

/** Where the list behind each figure is: the same narrowing, and what the figure is of. */
export class Behind {
  readonly since: string | undefined
  readonly until: string | undefined
  private readonly narrowed: { scope: OwnedScope; region?: string | undefined; owner?: string | undefined }
  private readonly source: string | undefined
  private readonly pipeline: string

  constructor({ pipeline_id, period }: Dashboard, search: DashboardSearch, scope: OwnedScope) {
    this.since = dayOf(period.starts_at)
    this.until = dayOf(period.ends_before, -1)
    this.narrowed = { scope, region: search.region, owner: search.owner }
    this.source = search.source
    this.pipeline = pipeline_id
  }

  standsIn(stage: string): OpportunitiesSearch {
    return { ...this.narrowed, source: this.source, stage, state: 'open' }
  }

  open(stages: readonly string[]): OpportunitiesSearch {
    return { ...this.narrowed, source: this.source, stage: join(stages), state: 'open' }
  }

  closed(state: 'won' | 'lost'): OpportunitiesSearch {
    const { since, until } = this
    return { ...this.narrowed, source: this.source, pipeline: this.pipeline, state, from: since, to: until }
  }

  ended(stage: string): StaysSearch {
    const { since, until } = this
    return { ...this.ofStage(stage), outcome: 'ended', end_from: since, end_to: until, sort: '-dwell' }
  }

  standing(stage: string): StaysSearch {
    return { ...this.ofStage(stage), outcome: 'standing', sort: 'began' }
  }

  /** Stays that began in a month (its first day). */
  began(stage: string, month: string, outcome?: 'ended' | 'advanced'): StaysSearch {
    const [year = 0, number = 1] = month.split('-').map(Number)
    const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
    return { ...this.ofStage(stage), outcome, from: month, to: last }
  }

  leads(source: string) {
    return { ...this.narrowed, source, from: this.since, to: this.until }
  }

  dealsOf(source: string, state?: 'won'): OpportunitiesSearch {
    const { since, until } = this
    return { ...this.narrowed, source, pipeline: this.pipeline, state, lead_from: since, lead_to: until }
  }

  private ofStage(stage: string): StaysSearch {
    return { ...this.narrowed, source: this.source, stage }
  }
}
