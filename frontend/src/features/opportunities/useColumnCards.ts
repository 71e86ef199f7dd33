import { useInfiniteQuery } from '@tanstack/react-query'
import dayjs from 'dayjs'
import { useCallback, useMemo, useState } from 'react'
import { type BoardQuery, columnQuery } from '@/api/opportunities'
import type { BoardColumn, OpportunityCard } from '@/api/types'

const CLOSED_SHOWN_DAYS = 30

/** The cards of a column so far, and how the next ones are fetched. */
export function useColumnCards(
  column: BoardColumn,
  query: BoardQuery,
  at: string,
): { cards: OpportunityCard[]; more: () => void; hasMore: boolean; isFetching: boolean } {
  const { stage, next_cursor: first } = column
  const since = stage.kind === 'closed' ? dayjs(at).subtract(CLOSED_SHOWN_DAYS, 'day').toISOString() : undefined
  const [isAsked, setIsAsked] = useState(false)
  const later = useInfiniteQuery({
    ...columnQuery(query, stage.id, first ?? '', since),
    enabled: isAsked && first !== null,
  })
  const { data, fetchNextPage, hasNextPage, isFetching, isError } = later
  const hasMore = first !== null && (data === undefined || hasNextPage)
  const more = useCallback((): void => {
    if (!hasMore || isFetching || isError) return
    if (isAsked) void fetchNextPage()
    else setIsAsked(true)
  }, [hasMore, isFetching, isError, isAsked, fetchNextPage])
  const cards = useMemo(
    () => [...column.cards, ...(data?.pages.flatMap((page) => page.items) ?? [])],
    [column.cards, data],
  )
  return { cards, more, hasMore, isFetching }
}
