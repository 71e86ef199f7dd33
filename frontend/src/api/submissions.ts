import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'

export const submissionKeys = { all: ['submissions'] as const }

/** The number at the quarantine. */
export const submissionSummaryQuery = queryOptions({
  queryKey: [...submissionKeys.all, 'summary'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/submissions/summary', { signal })),
})
