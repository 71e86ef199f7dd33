import { describe, expect, test } from 'vitest'
import { withoutLead } from '@/api/today'
import type { TodayItem, TodayKind } from '@/api/types'
import { i18next } from '@/i18n/i18n'
import { LEAD } from '@/testing/answers'
import { dayPart, itemId, sectionsOf } from './sections'
import { whyWords } from './why'

const item = (kind: TodayKind, id: string): TodayItem => ({
  kind,
  why: { code: 'new_lead_waits', params: {} },
  due_at: null,
  lead: { ...LEAD, id },
  script_id: null,
  script_values: {},
  customer: null,
  change_request: null,
  actions: [],
})

const shape = (sections: ReturnType<typeof sectionsOf>) => sections.map(({ kind, items }) => [kind, items.map(itemId)])

describe('the sections of Today', () => {
  const items = [
    item('escalation', 'e'),
    item('overdue', 'o'),
    item('new_lead', 'n1'),
    item('new_lead', 'n2'),
    item('to_follow', 't'),
  ]

  test('stand in the order of work; empty ones are left out', () => {
    expect(shape(sectionsOf(items, [], null))).toEqual([
      ['escalation', ['e']],
      ['overdue', ['o']],
      ['new_lead', ['n1', 'n2']],
      ['to_follow', ['t']],
    ])
  })

  test('what has just arrived comes first, the newest on top', () => {
    expect(shape(sectionsOf(items, ['n2', 'n1', 'gone'], null))[0]).toEqual(['arrived', ['n2', 'n1']])
  })

  test('an arrival that is overdue meanwhile is no news', () => {
    expect(shape(sectionsOf(items, ['o'], null))[0]).toEqual(['escalation', ['e']])
  })

  test('a figure opens its list', () => {
    expect(shape(sectionsOf(items, [], 'overdue'))).toEqual([['overdue', ['o']]])
    expect(sectionsOf(items, [], 'due_soon')).toEqual([])
  })
})

describe('why a lead is there', () => {
  test('in the words of its code', () => {
    const escalated = { ...item('escalation', 'e'), why: { code: 'escalated_to_you', params: { owner: '张磊' } } }
    expect(whyWords(i18next.t, escalated)).toContain('张磊')
  })
  test('a next step that says nothing, and a code that nobody knows, fall back to the kind', () => {
    const hint = i18next.t('today.hint.to_follow')
    expect(
      whyWords(i18next.t, { ...item('to_follow', 't'), why: { code: 'next_step_due', params: { next_step: null } } }),
    ).toBe(hint)
    expect(whyWords(i18next.t, { ...item('to_follow', 't'), why: { code: 'brand_new', params: {} } })).toBe(hint)
  })
})

test('a lead that was just changed is neither listed nor counted, whatever the server has yet to say', () => {
  const items = [item('escalation', 'e1'), item('escalation', 'e2')]
  const today = { generated_at: '', notices: [], scripts: [], items, counts: { escalation: 2, overdue: 1 } }
  const without = withoutLead(today, 'e1')
  expect([without.items.map(itemId), without.counts]).toEqual([['e2'], { escalation: 1, overdue: 1 }])
  expect(withoutLead(without, 'e1')).toBe(without)
})

test('the greeting follows the hour', () => {
  expect([4, 5, 10, 11, 13, 17, 18].map(dayPart)).toEqual([
    'evening',
    'morning',
    'morning',
    'noon',
    'afternoon',
    'afternoon',
    'evening',
  ])
})
