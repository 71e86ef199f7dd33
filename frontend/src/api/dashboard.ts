import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { opportunityKeys } from './opportunities'
import type { paths } from './schema'

export type DashboardQuery = NonNullable<paths['/api/v1/dashboard']['get']['parameters']['query']>

/** Old as soon as an opportunity changes. */
export const dashboardQuery = (query: DashboardQuery) =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'dashboard', query],
    queryFn: ({ signal }) => read(api.GET('/api/v1/dashboard', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  })
