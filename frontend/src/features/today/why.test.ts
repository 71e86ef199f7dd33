import { expect, test } from 'vitest'
import { i18next } from '@/i18n/i18n'
import { whyWords } from './why'

test('a lead without an owner says for how long, from the first whole hour on', () => {
  const item = (hours: number) =>
    whyWords(i18next.t, { kind: 'to_assign', why: { code: 'waits_for_owner', params: { hours } }, lead: null })
  expect(item(0)).toBe('没有人可分，等你指定负责人')
  expect(item(26)).toBe('没人负责已 26 小时，等你指定负责人')
})
