import type { BoardQuery } from '@/api/opportunities'
import type { Board as BoardOut } from '@/api/types'
import styles from './Board.module.css'
import { BoardColumn } from './BoardColumn'
import { useBoardMoves } from './useBoardMoves'

/** The columns side by side; a card is dragged with the mouse, or moved with its button. */
export function Board({ board, query }: { board: BoardOut; query: BoardQuery }) {
  const drop = useBoardMoves(board, query)
  return (
    <div className={styles.board}>
      {board.columns.map((column) => (
        <BoardColumn key={column.stage.id} column={column} query={query} at={board.generated_at} onDrop={drop} />
      ))}
    </div>
  )
}
