import type { OpportunityCard } from '@/api/types'

const MARK = 'opportunity'

/** What a card takes along when it is dragged. */
export const dragData = (card: OpportunityCard): Record<string, unknown> => ({ [MARK]: card })

export const draggedOf = (data: Record<string | symbol, unknown>): OpportunityCard | undefined =>
  data[MARK] as OpportunityCard | undefined
