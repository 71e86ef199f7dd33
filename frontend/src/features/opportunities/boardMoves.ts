import type { Board, BoardColumn, OpportunityCard, StageRef } from '@/api/types'

/** The board as it will be when the server agrees; the sums follow with its answer. */
export function withMoved(board: Board, card: OpportunityCard, stage: StageRef): Board {
  const moved = { ...card, stage_id: stage.id, stage_entered_at: board.generated_at, is_flagged: false }
  const change = (column: BoardColumn): BoardColumn => {
    if (column.stage.id === stage.id) return { ...column, count: column.count + 1, cards: [moved, ...column.cards] }
    if (column.stage.id !== card.stage_id) return column
    return { ...column, count: column.count - 1, cards: column.cards.filter((one) => one.id !== card.id) }
  }
  return { ...board, columns: board.columns.map(change) }
}
