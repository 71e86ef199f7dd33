import { expect, test } from 'vitest'
import type { Board, BoardColumn, OpportunityCard, StageRef } from '@/api/types'
import { isNextStage, withMoved } from './boardMoves'

const stage = (key: string): StageRef => ({ id: key, key, name_zh: key, name_en: key, kind: 'open' })
const card = (id: string, stage_id: string): OpportunityCard =>
  ({ id, stage_id, is_flagged: true, stage_entered_at: '2026-03-01T00:00:00Z' }) as OpportunityCard
const column = (key: string, ...cards: OpportunityCard[]): BoardColumn => ({
  stage: stage(key),
  is_active: true,
  count: 40 + cards.length,
  sums: [],
  cards,
  next_cursor: null,
})
const board: Board = {
  pipeline_id: 'p',
  generated_at: '2026-03-10T02:00:00Z',
  columns: [column('needs', card('a', 'needs'), card('b', 'needs')), column('proposal', card('c', 'proposal'))],
}
const shown = ({ columns }: Board) => columns.map(({ count, cards }) => [count, ...cards.map(({ id }) => id)])

test('a card that is moved leaves its column and leads the other, without its red flag', () => {
  const after = withMoved(board, card('b', 'needs'), stage('proposal'))
  expect(shown(after)).toEqual([
    [41, 'a'],
    [42, 'b', 'c'],
  ])
  expect(after.columns[1]?.cards[0]).toMatchObject({
    stage_id: 'proposal',
    is_flagged: false,
    stage_entered_at: board.generated_at,
  })
})

test('a card from further down, which the board did not bring, is counted all the same', () => {
  expect(shown(withMoved(board, card('z', 'needs'), stage('proposal')))).toEqual([
    [41, 'a', 'b'],
    [42, 'z', 'c'],
  ])
})

test("a stage out of use lies in nobody's way", () => {
  const columns = ['first', 'gone', 'second', 'third'].map((key) => ({ ...column(key), is_active: key !== 'gone' }))
  const shownBoard = { ...board, columns }
  expect(isNextStage(shownBoard, 'first', stage('second'))).toBe(true)
  expect(isNextStage(shownBoard, 'gone', stage('second'))).toBe(true)
  expect(isNextStage(shownBoard, 'first', stage('third'))).toBe(false)
  expect(isNextStage(shownBoard, 'second', stage('first'))).toBe(false)
  expect(isNextStage(shownBoard, 'second', { ...stage('third'), kind: 'closed' })).toBe(false)
})
