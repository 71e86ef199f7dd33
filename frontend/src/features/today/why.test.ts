import { expect, test } from 'vitest'
import { i18next } from '@/i18n/i18n'
import { whenOf, whyWords } from './why'

test('a lead without an owner says for how long, from the first whole hour on', () => {
  const item = (hours: number) =>
    whyWords(i18next.t, { kind: 'to_assign', why: { code: 'waits_for_owner', params: { hours } }, lead: null })
  expect(item(0)).toBe('没有人可分，等你指定负责人')
  expect(item(26)).toBe('没人负责已 26 小时，等你指定负责人')
})

test('beside a reason stands when that was: risen, given to somebody, or received', () => {
  const [received_at, assigned_at, escalated_at] = [8, 9, 11].map((day) => `2026-03-0${day}T02:00:00Z`) as [
    string,
    string,
    string,
  ]
  const when = (params: Record<string, unknown>, assigned: string | null) =>
    whenOf({ why: { code: 'x', params } }, { assigned_at: assigned, received_at })
  expect(when({ escalated_at }, assigned_at)).toEqual({ what: 'escalated', at: escalated_at })
  expect(when({ escalated_at: null }, assigned_at)).toEqual({ what: 'assigned', at: assigned_at })
  expect(when({}, null)).toEqual({ what: 'received', at: received_at })
})
