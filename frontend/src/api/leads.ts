import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { throughAll } from './lists'
import type { paths } from './schema'
import { dropFromToday } from './today'
import type { BulkAction, Conversion, Disqualification, LeadCreate, Scope } from './types'

export const leadKeys = {
  all: ['leads'] as const,
  lists: ['leads', 'list'] as const,
  one: (id: string) => ['leads', 'one', id] as const,
}

const path = (id: string) => ({ params: { path: { lead_id: id } } })
const PAGE = 30

export type LeadQuery = Omit<NonNullable<paths['/api/v1/leads']['get']['parameters']['query']>, 'cursor' | 'limit'>

export const leadsQuery = (query: LeadQuery) =>
  infiniteQueryOptions({
    queryKey: [...leadKeys.lists, query],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/leads', { params: { query: { ...query, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How many leads a list holds; counted up to a bound. */
export const leadCountQuery = ({ sort: _, ...query }: LeadQuery) =>
  queryOptions({
    queryKey: [...leadKeys.lists, 'count', query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/leads/count', { params: { query }, signal })),
  })

/** The newest leads in which a text is found, through every way of looking that a person has. */
export const leadSearchQuery = (q: string, scopes: Scope[], limit: number) =>
  queryOptions({
    queryKey: [...leadKeys.lists, 'search', q, scopes],
    queryFn: ({ signal }) =>
      throughAll(scopes, limit, (scope) =>
        read(api.GET('/api/v1/leads', { params: { query: { q, scope, limit } }, signal })),
      ),
  })

export const leadQuery = (id: string) =>
  queryOptions({
    queryKey: leadKeys.one(id),
    queryFn: ({ signal }) => read(api.GET('/api/v1/leads/{lead_id}', { ...path(id), signal })),
  })

export const leadTimelineQuery = (id: string, kind: string[] = []) =>
  infiniteQueryOptions({
    queryKey: [...leadKeys.one(id), 'timeline', kind],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/leads/{lead_id}/timeline', {
          params: { path: { lead_id: id }, query: { cursor: pageParam, limit: PAGE, kind } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const candidatesQuery = (id: string) =>
  queryOptions({
    queryKey: [...leadKeys.one(id), 'candidates'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/leads/{lead_id}/candidates', { ...path(id), signal })),
    staleTime: 0,
  })

const once = (key: string) => ({ header: { 'Idempotency-Key': key } })

export const createLead = (body: LeadCreate, key: string) =>
  read(api.POST('/api/v1/leads', { params: once(key), body }))

const unchanged = (id: string, version: number) => ({
  params: { path: { lead_id: id }, header: { 'If-Match': `"v${version}"` } },
})

/** `version` is the lead's as the person saw it: 412 when somebody else was first. */
export const takeOver = (id: string, version: number, reason: string) =>
  read(api.POST('/api/v1/leads/{lead_id}/take-over', { ...unchanged(id, version), body: { reason } }))

export const reassign = (id: string, version: number, person_id: string, reason: string) =>
  read(api.POST('/api/v1/leads/{lead_id}/reassignment', { ...unchanged(id, version), body: { person_id, reason } }))

export const protect = (id: string, version: number, is_protected: boolean, reason: string) =>
  read(api.POST('/api/v1/leads/{lead_id}/protection', { ...unchanged(id, version), body: { is_protected, reason } }))

export const claim = (id: string) => read(api.POST('/api/v1/leads/{lead_id}/claim', path(id)))

export const disqualify = (id: string, body: Disqualification) =>
  read(api.POST('/api/v1/leads/{lead_id}/disqualification', { ...path(id), body }))

/** The lead becomes a customer with a contact, or joins one that exists. */
export const convertLead = (id: string, body: Conversion) =>
  read(api.POST('/api/v1/leads/{lead_id}/conversion', { ...path(id), body }))

export const reopen = (id: string, note: string) =>
  read(api.POST('/api/v1/leads/{lead_id}/reopening', { ...path(id), body: { note } }))

export const changeLeads = (body: BulkAction, key: string) =>
  read(api.POST('/api/v1/lead-changes', { params: once(key), body }))

/** Everything on screen that a change of a lead can make old; the lead that was changed leaves Today at once. */
export async function leadChanged(client: QueryClient, changedId?: string): Promise<void> {
  if (changedId) dropFromToday(client, changedId)
  await Promise.all([
    client.invalidateQueries({ queryKey: leadKeys.all }),
    client.invalidateQueries({ queryKey: ['today'] }),
    client.invalidateQueries({ queryKey: ['notifications'] }),
  ])
}
