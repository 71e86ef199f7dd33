import { expect, test } from 'vitest'
import { i18next, switchLanguage } from '@/i18n/i18n'
import { learnServerTime } from '@/lib/serverClock'
import { noticePath, noticeWords } from './noticeWords'

const t = i18next.t

test('params fill the sentence', () => {
  const words = noticeWords(t, { kind: 'lead.escalated', params: { company: '恒力', owner: '张磊' } })
  expect(words.title).toBe('恒力 超时未联系，已上报给你')
  expect(words.detail).toContain('张磊')
})

test('without a company the contact stands in, and without both the lead has no name', () => {
  expect(noticeWords(t, { kind: 'lead.assigned', params: { company: '', contact_name: '何工' } }).title).toBe(
    '新线索：何工',
  )
  expect(noticeWords(t, { kind: 'lead.assigned', params: {} }).title).toBe('新线索：未留名')
})

test.each([
  ['zh-CN', ['首次联系时限：明天 10:00', '首次联系时限：3月12日 10:00']],
  ['en', ['First contact due: Tomorrow 10:00', 'First contact due: Mar 12 10:00']],
] as const)('a moment is written as everywhere: %s', async (language, said) => {
  await switchLanguage(language)
  const detail = (now: string): string => {
    learnServerTime(now, Date.now())
    return noticeWords(t, { kind: 'lead.assigned', params: { due_at: '2026-03-12T02:00:00Z' } }).detail
  }
  expect(['2026-03-11T02:00:00Z', '2026-03-10T02:00:00Z'].map(detail)).toEqual(said)
})

test('a kind from tomorrow is still a notice', () => {
  expect(noticeWords(t, { kind: 'quote.approved', params: {} })).toEqual({ title: '有一条新提醒', detail: '' })
})

test('a notice leads to the screen of its subject, where there is one', () => {
  expect(noticePath({ subject_type: 'lead', subject_id: 'a' })).toBe('/leads/a')
  expect(noticePath({ subject_type: 'change_request', subject_id: 'r' })).toBe('/change-requests/r')
  expect(noticePath({ subject_type: 'email', subject_id: 'e' })).toBe('/mail/tray')
  expect(noticePath({ subject_type: 'channel', subject_id: 'c' })).toBeNull()
})

test.each([
  ['zh-CN', '恒达、精工'],
  ['en', '恒达, 精工'],
] as const)('several names are listed as the language does it: %s', async (language, said) => {
  await switchLanguage(language)
  const params = { count: 9, names: ['恒达', '精工'] }
  expect(noticeWords(t, { kind: 'opportunity.stalled_many', params }).detail).toContain(said)
})
