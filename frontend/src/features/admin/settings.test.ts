import { expect, test } from 'vitest'
import type { Rung } from '@/api/types'
import { changedFields } from '@/components/changeLines'
import { i18next, switchLanguage } from '@/i18n/i18n'
import { tokenIn } from './CredentialsForm'
import { nextRung } from './LadderEditor'
import { swapped } from './ScriptsPage'

const t = i18next.t

test('two neighbours change places; at the end nothing moves', () => {
  expect(swapped(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(swapped(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
})

test('a new rung takes a name that is free', () => {
  const taken: Rung = {
    key: 'step_1',
    base: 'assigned',
    how: 'elapsed_hours',
    amount: 1,
    who: 'owner',
    is_urgent: false,
  }
  expect(nextRung([taken], 'assigned', 'supervisor').key).toBe('step_2')
  expect(nextRung([], 'assigned', 'supervisor').key).toBe('step_1')
})

test('the token is found in a pasted address', () => {
  expect(tokenIn('https://oapi.dingtalk.com/robot/send?access_token=abc123')).toBe('abc123')
  expect(tokenIn(' abc123 ')).toBe('abc123')
})

test('a change says what was and what is; bookkeeping is left out', () => {
  const change = { before: { name: '旧', version: 1 }, after: { name: '新', version: 2 } }
  expect(changedFields(t, change)).toEqual([{ name: 'name', was: '旧', becomes: '新' }])
  expect(changedFields(t, { before: null, after: { id: 'x', name: '新', mapping: { a: 1 } } })).toHaveLength(2)
})

test('a change names people and regions, and says moments by the clock of the company', () => {
  const after = {
    supervisor_id: 'u1',
    starts_at: '2026-03-20T01:00:00+00:00',
    kind: 'sick',
    languages: ['英语', '德语'],
    source: 'state_council',
  }
  const said = changedFields(t, { before: null, after, names: { u1: '王海燕' } }).map(({ becomes }) => becomes)
  expect(said).toEqual(['王海燕', '2026-03-20 09:00:00', '病假', '英语、德语', '国务院安排'])
})

test.each([
  ['zh-CN', ['领取公海线索', '是', '否'], '我的、公海'],
  ['en', ['Claim leads from the pool', 'Yes', 'No'], 'Mine, Pool'],
] as const)(
  'the history of a role names permissions and reaches: %s',
  async (language, [permission, yes, no], reaches) => {
    await switchLanguage(language)
    const kept = { permission: 'lead.claim' }
    expect(changedFields(t, { before: { is_active: true, ...kept }, after: { is_active: false, ...kept } })).toEqual([
      { name: 'permission', was: permission, becomes: permission },
      { name: 'is_active', was: yes, becomes: no },
    ])
    expect(changedFields(t, { before: { reaches: ['own', 'pool'] }, after: { reaches: [] } })).toEqual([
      { name: 'reaches', was: reaches, becomes: null },
    ])
    expect(changedFields(t, { before: null, after: { role_code: 'hr', reaches: ['own', 'pool'] } }, 'hr')).toEqual([
      { name: 'reaches', was: null, becomes: reaches },
    ])
  },
)
