import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoardQuery } from '@/api/opportunities'
import type { BoardColumn as Column, OpportunityCard, StageRef } from '@/api/types'
import styles from './Board.module.css'
import { BoardCard } from './BoardCard'
import { ColumnHead } from './ColumnHead'
import { draggedOf } from './dragged'
import { useColumnCards } from './useColumnCards'

const CARD_HEIGHT = 148
const AHEAD = 6

interface Props {
  column: Column
  query: BoardQuery
  at: string
  onDrop: (card: OpportunityCard, stage: StageRef) => void
}

/** One stage; only the cards in sight are drawn, the next ones are fetched on the way down. */
export function BoardColumn({ column, query, at, onDrop }: Props) {
  const { t } = useTranslation()
  const headId = useId()
  const box = useRef<HTMLDivElement>(null)
  const whole = useRef<HTMLElement>(null)
  const [isOver, setIsOver] = useState(false)
  const { cards, more } = useColumnCards(column, query, at)
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: (index) => cards[index]?.id ?? index,
    overscan: AHEAD,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= cards.length - AHEAD) more()
  }, [last, cards.length, more])
  const { stage, is_active: isActive } = column
  useEffect(() => {
    if (!whole.current) return
    return dropTargetForElements({
      element: whole.current,
      canDrop: ({ source }) => isActive && draggedOf(source.data)?.stage_id !== stage.id,
      onDragEnter: () => setIsOver(true),
      onDragLeave: () => setIsOver(false),
      onDrop: ({ source }) => {
        setIsOver(false)
        const card = draggedOf(source.data)
        if (card) onDrop(card, stage)
      },
    })
  }, [stage, isActive, onDrop])
  return (
    <section ref={whole} aria-labelledby={headId} className={`${styles.column} ${isOver ? styles.isOver : ''}`}>
      <ColumnHead column={column} id={headId} />
      <div ref={box} className={styles.cards} tabIndex={cards.length > 0 ? 0 : -1}>
        {cards.length === 0 && <p className={styles.none}>{t('board.emptyColumn')}</p>}
        <ul className={styles.inner} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ key, index, start }) => {
            const card = cards[index]
            return (
              card && (
                <li
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  aria-setsize={Math.max(column.count, cards.length)}
                  aria-posinset={index + 1}
                  className={styles.slot}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <BoardCard card={card} />
                </li>
              )
            )
          })}
        </ul>
      </div>
    </section>
  )
}
