import { render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, test, vi } from 'vitest'
import type { TimelineEntry } from '@/api/types'
import { i18next, switchLanguage } from '@/i18n/i18n'
import { entryLines, TimelineItem } from './TimelineItem'

vi.mock('@tanstack/react-router', async (original) => ({
  ...(await original<object>()),
  Link: ({ to, params, children }: { to: string; params: Record<string, string>; children: ReactNode }) => (
    <a href={to.replace(/\$(\w+)/, (_, name) => params[name] ?? '')}>{children}</a>
  ),
}))

const entry = (kind: string, body: Record<string, unknown>, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: kind,
  kind,
  at: '2026-03-10T02:00:00Z',
  recorded_at: '2026-03-10T02:00:00Z',
  actor: null,
  is_effective: null,
  is_deep: null,
  corrects: null,
  corrected_by: null,
  of: null,
  outcome: null,
  body,
  ...more,
})

describe('what an entry says beyond its kind', () => {
  test.each([
    ['lead.received', { form: { id: 'f', name: '官网询价表单' }, source: 'website' }, ['官网询价表单']],
    ['lead.received', { source: 'exhibition' }, ['展会']],
    [
      'lead.reassigned',
      { from: { name: '张磊' }, to: { name: '李婷' }, reason: '出差' },
      ['张磊 → 李婷', '原因：出差'],
    ],
    ['lead.escalated', { to: { name: '王海燕' }, owner: { name: '张磊' }, level: 1 }, ['上报给 王海燕']],
    [
      'lead.fields_changed',
      { changes: { company: { old: null, new: '昆山精工' } }, file: '线索.xlsx' },
      ['文件：线索.xlsx', '公司：（空） → 昆山精工'],
    ],
    [
      'change.requested',
      { changes: { name: { old: '昆山精工', new: '昆山新精工' } }, to: { name: '王海燕' }, reason: '更名' },
      ['等 王海燕 审批', '公司名称：昆山精工 → 昆山新精工', '原因：更名'],
    ],
    ['lead.unheard_of', {}, []],
  ])('%s', (kind, body, lines) => {
    expect(entryLines(i18next.t, entry(kind, body))).toEqual(lines)
  })

  test('the reason of an assignment is a sentence', () => {
    const reason = { code: 'skill_match', params: { skills: ['冲压件', '英语'], open_leads: 3 } }
    const lines = entryLines(i18next.t, entry('lead.assigned', { owner: { name: '张磊' }, reason }))
    expect(lines[1]).toBe('懂冲压件、英语的在岗销售中，手上线索最少（3 条）')
  })
})

test('a follow-up shows outcome, note and next step', () => {
  const body = { note: '要 2000 件', next_step: '发报价', next_step_at: '2026-03-11T01:00:00Z', duration_minutes: 6 }
  render(<TimelineItem entry={entry('call', body, { outcome: 'interested', actor: { id: 'p', name: '张磊' } })} />)
  expect(screen.getByText('有意向')).toBeTruthy()
  expect(screen.getByText('要 2000 件')).toBeTruthy()
  expect(screen.getByRole('listitem').textContent).toContain('发报价')
  expect(screen.getByRole('listitem').textContent).toContain('6 分钟')
})

test('an engineer’s proposal is read where it came, and leads to its request', () => {
  const support = { id: 'r1', number: 'JZ00000007', round: 1 }
  render(
    <TimelineItem entry={entry('support.answered', { support, by: { name: '吴建华' }, answer: '三次拉深可行' })} />,
  )
  expect(screen.getByText('三次拉深可行')).toBeTruthy()
  expect(screen.getByRole('link', { name: '技术支持 JZ00000007' }).getAttribute('href')).toBe('/support/r1')
})

test('two lines that say the same are two lines', () => {
  const complaints = vi.spyOn(console, 'error')
  render(<TimelineItem entry={entry('visit', { place: '苏州', people: [{ name: '苏州' }] })} />)
  expect(screen.getAllByText('苏州')).toHaveLength(2)
  expect(complaints).not.toHaveBeenCalled()
})

test('names are listed as the language does it', async () => {
  await switchLanguage('en')
  render(<TimelineItem entry={entry('visit', { people: [{ name: '王建国' }, { name: '李婷' }] })} />)
  expect(screen.getByText('王建国, 李婷')).toBeTruthy()
})
