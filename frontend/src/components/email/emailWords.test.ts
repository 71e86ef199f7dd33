import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '@/api/types'
import { i18next, startI18n, switchLanguage } from '@/i18n/i18n'
import { answerTo, emailLines, isOfFirm, oursOf, threadsOf } from './emailWords'

beforeAll(async () => {
  await startI18n()
  await switchLanguage('zh-CN')
})

const who = (address: string) => ({ address, name: '' })
const OURS = 'sales@us.example'
const ours = oursOf({ from_address: OURS }, 'log+token@in.example')

test('an answer goes to who wrote, to all also to the others, and never to ourselves', () => {
  const came = {
    direction: 'in' as const,
    sender: who('buyer@c.example'),
    answer_to: [],
    to: [who('Sales@us.example'), who('tech@c.example')],
    cc: [who('log+abc@in.example'), who('tech@c.example'), who('Buyer@c.example')],
  }
  expect(answerTo(came, false, ours)).toEqual({ to: [who('buyer@c.example')], cc: [] })
  expect(answerTo(came, true, ours)).toEqual({ to: [who('buyer@c.example')], cc: [who('tech@c.example')] })
})

test('an answer goes to whom the sender names, or to who wrote what a colleague passed on', () => {
  const passedOn = {
    direction: 'in' as const,
    sender: who('zhang@us.example'),
    answer_to: [who('buyer@c.example')],
    to: [who('log+abc@in.example'), who('tech@c.example')],
    cc: [who('Buyer@c.example')],
  }
  expect(answerTo(passedOn, false, ours)).toEqual({ to: [who('buyer@c.example')], cc: [] })
  expect(answerTo(passedOn, true, ours)).toEqual({ to: [who('buyer@c.example')], cc: [who('tech@c.example')] })
})

test('after a letter of our own the next one goes to the same people', () => {
  const went = {
    direction: 'out' as const,
    sender: who(OURS),
    answer_to: [],
    to: [who('buyer@c.example')],
    cc: [who('boss@c.example')],
  }
  expect(answerTo(went, false, ours)).toEqual({ to: [who('buyer@c.example')], cc: [] })
  expect(answerTo(went, true, ours)).toEqual({ to: [who('buyer@c.example')], cc: [who('boss@c.example')] })
})

test('conversations stand by their newest letter', () => {
  const letters = ['b', 'a', 'b', 'c'].map((thread_id, at) => ({ thread_id, at }))
  expect(threadsOf(letters).map((thread) => thread.map(({ thread_id, at }) => `${thread_id}${at}`))).toEqual([
    ['b0', 'b2'],
    ['a1'],
    ['c3'],
  ])
})

test('a timeline says who is on the other side, and why a letter did not get through', () => {
  const email = {
    thread_id: 't',
    subject: '报价',
    sender: { address: 'buyer@c.example', name: '钱总' },
    to: [who('a@c.example'), who('b@c.example')],
    cc: [],
  }
  const lines = (kind: string, more: object) => emailLines(i18next.t, { kind, body: { email: { ...email, ...more } } })
  expect(lines('email.sent', { direction: 'out' })).toEqual(['发给 a@c.example 和另外 1 人'])
  expect(lines('email.received', { direction: 'in' })).toEqual(['钱总 <buyer@c.example>'])
  expect(lines('email.failed', { reason: 'refused', detail: '550 unknown' })).toEqual(['对方服务器拒收', '550 unknown'])
})

test.each([
  ['li@hengda.example', 'https://www.hengda.example/about', [], true],
  ['li@Hengda.example', null, ['wang@hengda.example'], true],
  ['li@elsewhere.example', 'hengda.example', ['wang@hengda.example'], false],
  ['li@qq.com', null, ['wang@qq.com'], false],
  ['', null, [null], false],
])('%s is of the firm with %s and %s: %s', (address, website, emails, said) => {
  const contacts = emails.map((email) => ({ email })) as Contact[]
  expect(isOfFirm(address, { website, contacts })).toBe(said)
})
