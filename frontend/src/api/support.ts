import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import type { SupportCreate, SupportView } from './types'

export const supportKeys = { all: ['support'] as const }
const path = (request_id: string) => ({ request_id })
const once = (key: string) => ({ 'Idempotency-Key': key })
const PAGE = 30

export const supportRequestsQuery = (view: SupportView) =>
  infiniteQueryOptions({
    queryKey: [...supportKeys.all, 'list', view],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/support-requests', { params: { query: { view, cursor: pageParam, limit: PAGE } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const supportRequestQuery = (id: string) =>
  queryOptions({
    queryKey: [...supportKeys.all, 'one', id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/support-requests/{request_id}', { params: { path: path(id) }, signal })),
  })

export const dealSupportQuery = (opportunity_id: string) =>
  queryOptions({
    queryKey: [...supportKeys.all, 'of', opportunity_id],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/v1/opportunities/{opportunity_id}/support-requests', {
          params: { path: { opportunity_id } },
          signal,
        }),
      ),
  })

export const customerSupportQuery = (customer_id: string) =>
  queryOptions({
    queryKey: [...supportKeys.all, 'of', customer_id],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/v1/customers/{customer_id}/support-requests', {
          params: { path: { customer_id } },
          signal,
        }),
      ),
  })

export const supportEngineersQuery = queryOptions({
  queryKey: [...supportKeys.all, 'engineers'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/support-engineers', { signal })),
})

export const supportPerformanceQuery = queryOptions({
  queryKey: [...supportKeys.all, 'performance'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/support-performance', { signal })),
})

export const askForSupport = (body: SupportCreate, key: string) =>
  read(api.POST('/api/v1/support-requests', { params: { header: once(key) }, body }))

export const answerSupport = (id: string, answer: string, key: string) =>
  read(
    api.POST('/api/v1/support-requests/{request_id}/answer', {
      params: { path: path(id), header: once(key) },
      body: { answer },
    }),
  )

export const acceptSupport = (id: string, note: string) =>
  read(api.POST('/api/v1/support-requests/{request_id}/acceptance', { params: { path: path(id) }, body: { note } }))

export const askSupportAgain = (id: string, need: string, key: string) =>
  read(
    api.POST('/api/v1/support-requests/{request_id}/rounds', {
      params: { path: path(id), header: once(key) },
      body: { need },
    }),
  )

export const withdrawSupport = (id: string, note: string) =>
  read(api.POST('/api/v1/support-requests/{request_id}/withdrawal', { params: { path: path(id) }, body: { note } }))

export const handOverSupport = (id: string, engineer_id: string) =>
  read(
    api.POST('/api/v1/support-requests/{request_id}/handover', { params: { path: path(id) }, body: { engineer_id } }),
  )

/** Everything on screen that a change of a request can make old. */
export async function supportChanged(client: QueryClient): Promise<void> {
  const old = [supportKeys.all, ['opportunities'], ['customers'], ['today']]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}
