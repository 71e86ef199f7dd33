import { queryOptions } from '@tanstack/react-query'
import { learnServerTime } from '@/lib/serverClock'
import { api, read } from './client'
import type { Today } from './types'

export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: async ({ signal }): Promise<Today> => {
    const today = await read(api.GET('/api/v1/today', { signal }))
    learnServerTime(today.generated_at)
    return today
  },
  staleTime: 10_000,
  // Deadlines pass while nothing else happens.
  refetchInterval: 60_000,
})
