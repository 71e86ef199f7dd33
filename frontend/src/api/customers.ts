import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { throughAll } from './lists'
import type { paths } from './schema'
import type {
  ContactCreate,
  ContactPatch,
  CustomerCreate,
  CustomerPatch,
  CustomersChange,
  OwnedScope,
  RequestView,
  Verdict,
} from './types'

export const customerKeys = {
  all: ['customers'] as const,
  lists: ['customers', 'list'] as const,
  one: (id: string) => ['customers', 'one', id] as const,
}
export const requestKeys = { all: ['change-requests'] as const }

const PAGE = 30
const path = (customer_id: string) => ({ customer_id })
const once = (key: string) => ({ 'Idempotency-Key': key })
const ifMatch = (version: number) => ({ 'If-Match': `"v${version}"` })

export type CustomerQuery = Omit<
  NonNullable<paths['/api/v1/customers']['get']['parameters']['query']>,
  'cursor' | 'limit'
>

export const customersQuery = (filter: CustomerQuery) =>
  infiniteQueryOptions({
    queryKey: [...customerKeys.lists, filter],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/customers', { params: { query: { ...filter, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How many customers a list holds; counted up to a bound. */
export const customerCountQuery = ({ sort: _, ...query }: CustomerQuery) =>
  queryOptions({
    queryKey: [...customerKeys.lists, 'count', query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/customer-count', { params: { query }, signal })),
  })

/** The customers in which a text is found, through every way of looking that a person has. */
export const customerSearchQuery = (q: string, scopes: OwnedScope[], limit: number) =>
  queryOptions({
    queryKey: [...customerKeys.lists, 'search', q, scopes],
    queryFn: ({ signal }) =>
      throughAll(scopes, limit, (scope) =>
        read(api.GET('/api/v1/customers', { params: { query: { q, scope, limit } }, signal })),
      ),
  })

/** Industries to filter by, the most frequent first. */
export const customerIndustriesQuery = (scope: OwnedScope) =>
  queryOptions({
    queryKey: [...customerKeys.lists, 'industries', scope],
    queryFn: ({ signal }) => read(api.GET('/api/v1/customer-industries', { params: { query: { scope } }, signal })),
    staleTime: 300_000,
  })

/** Companies to choose a parent from: as many as one page holds. */
export const parentsQuery = (scope: OwnedScope) =>
  queryOptions({
    queryKey: [...customerKeys.lists, 'parents', scope],
    queryFn: ({ signal }) => read(api.GET('/api/v1/customers', { params: { query: { scope, limit: 200 } }, signal })),
  })

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: customerKeys.one(id),
    queryFn: ({ signal }) => read(api.GET('/api/v1/customers/{customer_id}', { params: { path: path(id) }, signal })),
  })

export const customerTimelineQuery = (id: string, kind: string[] = []) =>
  infiniteQueryOptions({
    queryKey: [...customerKeys.one(id), 'timeline', kind],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/customers/{customer_id}/timeline', {
          params: { path: path(id), query: { cursor: pageParam, limit: PAGE, kind } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const customerLeadsQuery = (id: string) =>
  queryOptions({
    queryKey: [...customerKeys.one(id), 'leads'],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/customers/{customer_id}/leads', { params: { path: path(id) }, signal })),
  })

export const createCustomer = (body: CustomerCreate, key: string) =>
  read(api.POST('/api/v1/customers', { params: { header: once(key) }, body }))

export const changeCustomer = (id: string, body: CustomerPatch, version: number) =>
  read(api.PATCH('/api/v1/customers/{customer_id}', { params: { path: path(id), header: ifMatch(version) }, body }))

export const addContact = (id: string, body: ContactCreate, key: string) =>
  read(api.POST('/api/v1/customers/{customer_id}/contacts', { params: { path: path(id), header: once(key) }, body }))

export const changeContact = (contact_id: string, body: ContactPatch, version: number) =>
  read(api.PATCH('/api/v1/contacts/{contact_id}', { params: { path: { contact_id }, header: ifMatch(version) }, body }))

export const archiveCustomer = (id: string, reason: string) =>
  read(api.POST('/api/v1/customers/{customer_id}/archiving', { params: { path: path(id) }, body: { reason } }))

export const restoreCustomer = (id: string, reason: string) =>
  read(api.POST('/api/v1/customers/{customer_id}/restoration', { params: { path: path(id) }, body: { reason } }))

export const changeCustomers = (body: CustomersChange, key: string) =>
  read(api.POST('/api/v1/customer-changes', { params: { header: once(key) }, body }))

export const requestsQuery = (view: RequestView) =>
  infiniteQueryOptions({
    queryKey: [...requestKeys.all, 'list', view],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/change-requests', { params: { query: { view, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const requestQuery = (request_id: string) =>
  queryOptions({
    queryKey: [...requestKeys.all, 'one', request_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/change-requests/{request_id}', { params: { path: { request_id } }, signal })),
  })

export const decideRequest = (request_id: string, verdict: Verdict, comment: string) =>
  read(
    api.POST('/api/v1/change-requests/{request_id}/decision', {
      params: { path: { request_id } },
      body: { verdict, comment },
    }),
  )

export const withdrawRequest = (request_id: string) =>
  read(api.POST('/api/v1/change-requests/{request_id}/withdrawal', { params: { path: { request_id } } }))

/** Everything on screen that a change of a customer can make old. */
export async function customerChanged(client: QueryClient): Promise<void> {
  const old = [customerKeys.all, requestKeys.all, ['today'], ['notifications']]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}
