import { queryOptions } from '@tanstack/react-query'
import { learnServerTime } from '@/lib/serverClock'
import { api, read } from './client'
import type { Today, TodayKind } from './types'

/** The most urgent things to do; of one kind where there are more of it than the whole list shows. */
export const todayListQuery = (kind: TodayKind | null) =>
  queryOptions({
    queryKey: kind ? ['today', kind] : ['today'],
    queryFn: async ({ signal }): Promise<Today> => {
      const today = await read(api.GET('/api/v1/today', { params: { query: kind ? { kind } : {} }, signal }))
      learnServerTime(today.generated_at)
      return today
    },
    staleTime: 10_000,
    // Deadlines pass while nothing else happens.
    refetchInterval: 60_000,
  })

export const todayQuery = todayListQuery(null)

/** How much there is to do, however much of it is listed. */
export function toDoCount(today: Today): number {
  return Object.values(today.counts).reduce((sum, count) => sum + count, 0)
}
