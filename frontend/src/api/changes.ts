import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, read } from './client'

/** What was changed in one record of the settings, or in all of these tables, newest first. */
export const changesQuery = (tables: readonly string[], row_id?: string) =>
  infiniteQueryOptions({
    queryKey: ['changes', ...tables, row_id ?? null],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/changes', {
          params: { query: { table: [...tables], row_id, cursor: pageParam, limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  })
