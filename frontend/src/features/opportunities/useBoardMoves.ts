import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type BoardQuery, boardQuery, moveOpportunity, opportunityChanged } from '@/api/opportunities'
import { ApiProblem } from '@/api/problem'
import type { Board, OpportunityCard, StageRef } from '@/api/types'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { noteUse } from '@/lib/usage'
import { problemWords } from '@/lib/words'
import { isNextStage, withMoved } from './boardMoves'

interface Moving {
  card: OpportunityCard
  stage: StageRef
}

/** What the move sheet settles: a reason, an outcome, or what is missing. */
const ASKS_MORE = ['conditions_missing', 'invalid_input']

/** Drops of cards: one stage ahead at once, with the board put back and the reason said when it is refused; all else by the sheet. */
export function useBoardMoves(board: Board, query: BoardQuery): (card: OpportunityCard, stage: StageRef) => void {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const sheets = useOpportunitySheets()
  const { queryKey } = boardQuery(query)
  const move = useMutation({
    mutationFn: ({ card, stage }: Moving) => moveOpportunity(card.id, { stage: stage.key, reason: '' }, card.version),
    onMutate: async ({ card, stage }) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData<Board>(queryKey)
      client.setQueryData<Board>(queryKey, (shown) => shown && withMoved(shown, card, stage))
      return { before }
    },
    onSuccess: (_, { stage }) => {
      noteUse('opportunity.move')
      void message.success(t('board.moved', { stage: stageName(stage, asLanguage(i18n.language)) }))
    },
    onError: (error, { card, stage }, kept) => {
      client.setQueryData(queryKey, kept?.before)
      void message.error(t('board.movedBack', { reason: problemWords(t, error).title }))
      if (error instanceof ApiProblem && ASKS_MORE.includes(error.code))
        sheets.open({ kind: 'move', id: card.id, name: card.name, stage: stage.key })
    },
    onSettled: () => opportunityChanged(client),
  })
  const { mutate } = move
  return useCallback(
    (card, stage) => {
      if (isNextStage(board, card.stage_id, stage)) mutate({ card, stage })
      else sheets.open({ kind: 'move', id: card.id, name: card.name, stage: stage.key })
    },
    [board, mutate, sheets],
  )
}
