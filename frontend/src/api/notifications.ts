import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'

export const noticeKeys = { all: ['notifications'] as const, list: ['notifications', 'list'] as const }

export const summaryQuery = queryOptions({
  queryKey: [...noticeKeys.all, 'summary'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/notifications/summary', { signal })),
  staleTime: 30_000,
})
