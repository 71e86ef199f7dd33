import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'

export const noticeKeys = { all: ['notifications'] as const, list: ['notifications', 'list'] as const }

export const summaryQuery = queryOptions({
  queryKey: [...noticeKeys.all, 'summary'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/notifications/summary', { signal })),
  staleTime: 30_000,
})

/** What one's bell says about a record is read once one has opened it. */
export async function readAbout(client: QueryClient, subjectId: string): Promise<void> {
  await read(api.POST('/api/v1/notifications/read-all', { params: { query: { subject_id: subjectId } } }))
  await client.invalidateQueries({ queryKey: noticeKeys.all })
}
