import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { customerKeys } from './customers'
import { throughAll } from './lists'
import type { paths } from './schema'
import type { MoveTo, OpportunityCreate, OpportunityPatch, OwnedScope } from './types'

export const opportunityKeys = {
  all: ['opportunities'] as const,
  boards: ['opportunities', 'board'] as const,
  one: (id: string) => ['opportunities', 'one', id] as const,
}

const PAGE = 50
const path = (opportunity_id: string) => ({ opportunity_id })
const once = (key: string) => ({ 'Idempotency-Key': key })
const ifMatch = (version: number) => ({ 'If-Match': `"v${version}"` })

export type BoardQuery = NonNullable<paths['/api/v1/board']['get']['parameters']['query']>

export const boardQuery = (query: BoardQuery) =>
  queryOptions({
    queryKey: [...opportunityKeys.boards, query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/board', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  })

export type OpportunityQuery = Omit<
  NonNullable<paths['/api/v1/opportunities']['get']['parameters']['query']>,
  'cursor' | 'limit'
>

export const opportunitiesQuery = (query: OpportunityQuery) =>
  infiniteQueryOptions({
    queryKey: [...opportunityKeys.all, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/opportunities', { params: { query: { ...query, cursor: pageParam, limit: PAGE } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How many opportunities a list holds; counted up to a bound. */
export const opportunityCountQuery = ({ sort: _, ...query }: OpportunityQuery) =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'list', 'count', query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/opportunity-count', { params: { query }, signal })),
  })

export type StayQuery = Omit<NonNullable<paths['/api/v1/stays']['get']['parameters']['query']>, 'cursor' | 'limit'>

export const staysQuery = (query: StayQuery) =>
  infiniteQueryOptions({
    queryKey: [...opportunityKeys.all, 'stays', query],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/stays', { params: { query: { ...query, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How many stays a list holds; counted up to a bound. */
export const stayCountQuery = ({ sort: _, ...query }: StayQuery) =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'stays', 'count', query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/stay-count', { params: { query }, signal })),
  })

/** The cards of a column after those that the board brought. */
export const columnQuery = ({ pipeline: _, ...query }: BoardQuery, stage: string, first: string, since?: string) =>
  infiniteQueryOptions({
    queryKey: [...opportunityKeys.boards, 'more', query, stage, first],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/opportunities', {
          params: { query: { ...query, stage: [stage], shown_since: since, cursor: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** The opportunities in which a text is found, through every way of looking that a person has. */
export const opportunitySearchQuery = (q: string, scopes: OwnedScope[], limit: number) =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'search', q, scopes],
    queryFn: ({ signal }) =>
      throughAll(scopes, limit, (scope) =>
        read(api.GET('/api/v1/opportunities', { params: { query: { q, scope, limit } }, signal })),
      ),
  })

/** All pipelines; those out of use too, since deals in them go on. */
export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/pipelines', { signal })),
  staleTime: 300_000,
})

export const pipelineQuery = (pipeline_id: string) =>
  queryOptions({
    queryKey: ['pipelines', pipeline_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/pipelines/{pipeline_id}', { params: { path: { pipeline_id } }, signal })),
    staleTime: 300_000,
  })

export const opportunityQuery = (id: string) =>
  queryOptions({
    queryKey: opportunityKeys.one(id),
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/opportunities/{opportunity_id}', { params: { path: path(id) }, signal })),
  })

export const opportunityTimelineQuery = (id: string, kind: string[] = []) =>
  infiniteQueryOptions({
    queryKey: [...opportunityKeys.one(id), 'timeline', kind],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/opportunities/{opportunity_id}/timeline', {
          params: { path: path(id), query: { cursor: pageParam, limit: 30, kind } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const customerOpportunitiesQuery = (customer_id: string) =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'of', customer_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/customers/{customer_id}/opportunities', { params: { path: { customer_id } }, signal })),
  })

export const createOpportunity = (body: OpportunityCreate, key: string) =>
  read(api.POST('/api/v1/opportunities', { params: { header: once(key) }, body }))

export const changeOpportunity = (id: string, body: OpportunityPatch, version: number) =>
  read(
    api.PATCH('/api/v1/opportunities/{opportunity_id}', { params: { path: path(id), header: ifMatch(version) }, body }),
  )

export const moveOpportunity = (id: string, body: MoveTo, version: number) =>
  read(
    api.POST('/api/v1/opportunities/{opportunity_id}/moves', {
      params: { path: path(id), header: ifMatch(version) },
      body,
    }),
  )

/** Everything on screen that a change of an opportunity can make old. */
export async function opportunityChanged(client: QueryClient): Promise<void> {
  const old = [opportunityKeys.all, customerKeys.all, ['today']]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}
