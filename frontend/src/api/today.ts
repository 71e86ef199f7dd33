import { type QueryClient, queryOptions } from '@tanstack/react-query'
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

/** A lead that was just changed waits no longer for what was due with it; where it stands now, the next answer says. */
export function withoutLead(today: Today, id: string): Today {
  const gone = today.items.find(({ lead }) => lead?.id === id)
  if (!gone) return today
  const counts = { ...today.counts, [gone.kind]: Math.max(0, (today.counts[gone.kind] ?? 0) - 1) }
  return { ...today, items: today.items.filter((item) => item !== gone), counts }
}

export function dropFromToday(client: QueryClient, id: string): void {
  client.setQueriesData<Today>({ queryKey: ['today'] }, (today) => today && withoutLead(today, id))
}
