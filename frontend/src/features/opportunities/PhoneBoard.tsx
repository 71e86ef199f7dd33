import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoardQuery } from '@/api/opportunities'
import type { Board, BoardColumn } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { BoardCard } from './BoardCard'
import { ColumnHead } from './ColumnHead'
import styles from './PhoneBoard.module.css'
import { useColumnCards } from './useColumnCards'

interface Props {
  board: Board
  query: BoardQuery
  stage: string | undefined
  onStage: (key: string) => void
}

/** One stage at a time, chosen by a chip; a card is moved with its button. */
export function PhoneBoard({ board, query, stage, onStage }: Props) {
  const { t, i18n } = useTranslation()
  const shown = board.columns.find((column) => column.stage.key === stage) ?? board.columns[0]
  if (!shown) return null
  return (
    <>
      <div className={styles.stages}>
        <ChoiceGrid
          size="chip"
          name="stage"
          label={t('board.stage')}
          value={shown.stage.key}
          onChange={onStage}
          choices={board.columns.map((column) => ({
            value: column.stage.key,
            label: `${stageName(column.stage, asLanguage(i18n.language))} ${column.count}`,
          }))}
        />
      </div>
      <Column key={shown.stage.id} column={shown} query={query} at={board.generated_at} />
    </>
  )
}

function Column({ column, query, at }: { column: BoardColumn; query: BoardQuery; at: string }) {
  const { t } = useTranslation()
  const headId = useId()
  const { cards, more, hasMore, isFetching } = useColumnCards(column, query, at)
  return (
    <section aria-labelledby={headId}>
      <ColumnHead column={column} id={headId} />
      {cards.length === 0 && <p className={styles.none}>{t('board.emptyColumn')}</p>}
      <ul className={styles.cards}>
        {cards.map((card) => (
          <li key={card.id}>
            <BoardCard card={card} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button block loading={isFetching} onClick={more}>
          {t('common.loadMore')}
        </Button>
      )}
    </section>
  )
}
