import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, read } from '@/api/client'
import type { ChannelPatch, Daily, Ladder, PoolRuleFields, RolePatch, ScriptFields, ScriptPatch } from '@/api/types'

export const scriptKeys = { all: ['script-templates'] as const }
export const ladderKeys = { all: ['ladders'] as const }
export const channelKeys = { all: ['channels'] as const }
export const roleKeys = { all: ['roles'] as const }

export type LadderFields = Pick<Ladder, 'rungs' | 'spares_planned'>

const ifMatch = (version: number) => ({ 'If-Match': `"v${version}"` })

export const scriptsQuery = queryOptions({
  queryKey: scriptKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/script-templates', { signal })),
})

export const createScript = (body: ScriptFields, key: string) =>
  read(api.POST('/api/v1/script-templates', { params: { header: { 'Idempotency-Key': key } }, body }))

export const changeScript = (script_id: string, body: ScriptPatch, version: number) =>
  read(
    api.PATCH('/api/v1/script-templates/{script_id}', {
      params: { path: { script_id }, header: ifMatch(version) },
      body,
    }),
  )

export const orderScripts = (ids: string[]) => read(api.PUT('/api/v1/script-order', { body: { ids } }))

/** The newest leads, to try a script on. */
export const recentLeadsQuery = queryOptions({
  queryKey: ['leads', 'recent-for-scripts'],
  queryFn: ({ signal }) =>
    read(api.GET('/api/v1/leads', { params: { query: { scope: 'company', limit: 20 } }, signal })),
})

export const scriptPreviewQuery = (body: string, lead_id: string) =>
  queryOptions({
    queryKey: [...scriptKeys.all, 'preview', body, lead_id],
    queryFn: ({ signal }) => read(api.POST('/api/v1/script-previews', { body: { body, lead_id }, signal })),
    enabled: body.trim() !== '' && lead_id !== '',
    placeholderData: keepPreviousData,
  })

export const laddersQuery = queryOptions({
  queryKey: ladderKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/ladders', { signal })),
})

export const changeLadder = (kind: string, body: LadderFields, version: number) =>
  read(api.PUT('/api/v1/ladders/{kind}', { params: { path: { kind }, header: ifMatch(version) }, body }))

/** What rungs that nobody has saved would do to the deadlines that run now. */
export const ladderTrialQuery = (kind: string, body: LadderFields) =>
  queryOptions({
    queryKey: [...ladderKeys.all, 'trial', kind, body],
    queryFn: ({ signal }) =>
      read(api.POST('/api/v1/ladders/{kind}/dry-run', { params: { path: { kind } }, body, signal })),
    staleTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  })

export const dailyKeys = { all: ['dailies'] as const }

export const dailiesQuery = queryOptions({
  queryKey: dailyKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/dailies', { signal })),
})

export const changeDaily = (kind: Daily['kind'], body: Pick<Daily, 'at' | 'is_active'>, version: number) =>
  read(api.PUT('/api/v1/dailies/{kind}', { params: { path: { kind }, header: ifMatch(version) }, body }))

export const poolKeys = { all: ['pool-rules'] as const }

export const poolRulesQuery = queryOptions({
  queryKey: poolKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/pool/rules', { signal })),
})

/** The rule of a region, or of the company; the first of a region has no version yet. */
export const changePoolRule = (region_id: string | null, body: PoolRuleFields, version: number | undefined) => {
  const header = version === undefined ? {} : ifMatch(version)
  return region_id
    ? read(api.PUT('/api/v1/pool/rules/regions/{region_id}', { params: { path: { region_id }, header }, body }))
    : read(api.PUT('/api/v1/pool/rules/company', { params: { header }, body }))
}

/** What a rule that nobody has saved would return to the pool. */
export const poolPreviewQuery = (region_id: string | null, reclaim_after_days: number) =>
  queryOptions({
    queryKey: [...poolKeys.all, 'preview', region_id, reclaim_after_days],
    queryFn: ({ signal }) =>
      read(api.POST('/api/v1/pool/preview', { body: { region_id, reclaim_after_days }, signal })),
    staleTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  })

export interface ChannelFields {
  name: string
  region_id: string | null
  person_id: string | null
  keyword: string
  is_active: boolean
}

export const createChannel = (body: ChannelFields, key: string) =>
  read(api.POST('/api/v1/channels', { params: { header: { 'Idempotency-Key': key } }, body }))

export const changeChannel = (channel_id: string, body: ChannelPatch, version: number) =>
  read(api.PATCH('/api/v1/channels/{channel_id}', { params: { path: { channel_id }, header: ifMatch(version) }, body }))

export const setCredentials = (channel_id: string, access_token: string, secret: string | null) =>
  read(
    api.PUT('/api/v1/channels/{channel_id}/credentials', {
      params: { path: { channel_id } },
      body: { access_token, secret },
    }),
  )

export const testChannel = (channel_id: string) =>
  read(api.POST('/api/v1/channels/{channel_id}/test', { params: { path: { channel_id } } }))

const WATCH_MS = 1000

/** A delivery under way, asked again until it has an outcome. */
export const outcomeQuery = (delivery_id: string | undefined) =>
  queryOptions({
    queryKey: ['deliveries', 'one', delivery_id],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/v1/deliveries/{delivery_id}', { params: { path: { delivery_id: delivery_id ?? '' } }, signal }),
      ),
    enabled: delivery_id !== undefined,
    refetchInterval: ({ state }) => (state.data && ['sent', 'dead'].includes(state.data.state) ? false : WATCH_MS),
  })

export const changeRole = (code: string, body: RolePatch, version: number) =>
  read(api.PATCH('/api/v1/roles/{code}', { params: { path: { code }, header: ifMatch(version) }, body }))
