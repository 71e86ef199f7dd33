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

/** Whether nothing in use lies between: then the rules ask for no reason, and the server can be asked at once. */
export function isNextStage({ columns }: Board, from: string, stage: StageRef): boolean {
  const place = (id: string): number => columns.findIndex((column) => column.stage.id === id)
  const [start, end] = [place(from), place(stage.id)]
  const between = columns.slice(start + 1, end)
  return start >= 0 && start < end && stage.kind === 'open' && !between.some((column) => column.is_active)
}
