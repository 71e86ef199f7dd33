import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import { json, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { CustomerFollowUpSheet } from './CustomerFollowUpSheet'

const PATH = '/api/v1/customers/c'
const LIN = { id: 'lin', name: '林董', role: 'decider', is_active: true }
const HE = { id: 'he', name: '何工', role: 'technical', is_active: true }
const met = (id: string) => ({ kind: 'visit', at: '2026-03-09T02:00:00Z', body: { people: [{ id, name: '' }] } })

async function choosing(contacts: object[], entries: object[]) {
  adopt(signedIn('one'))
  const backend = serve({
    [`GET ${PATH}`]: json({ id: 'c', version: 1, address: '苏州工业园区 8 号', contacts }),
    [`GET ${PATH}/timeline`]: json({ items: entries, next_cursor: null }),
    [`POST ${PATH}/follow-ups`]: json({}, 201),
  })
  renderApp(<CustomerFollowUpSheet customer={{ id: 'c', name: '恒达' }} open onClose={vi.fn()} />)
  const user = hand()
  await screen.findByRole('checkbox', { name: /林董/ })
  await user.click(screen.getByRole('radio', { name: '拜访' }))
  const isMet = (name: string) => (screen.getByRole('checkbox', { name: new RegExp(name) }) as HTMLInputElement).checked
  return { user, isMet, backend }
}

test('a visit begins at the customer’s address with whom one met last', async () => {
  const { user, isMet, backend } = await choosing([LIN, HE], [met('he'), met('lin')])
  expect([isMet('林董'), isMet('何工')]).toEqual([false, true])
  expect((screen.getByRole('radio', { name: '苏州工业园区 8 号' }) as HTMLInputElement).checked).toBe(true)
  await user.click(screen.getByRole('button', { name: '保存跟进' }))
  await waitFor(() => expect(backend.to(`${PATH}/follow-ups`)).toHaveLength(1))
  const body = { kind: 'visit', place: '苏州工业园区 8 号', contacts: ['he'] }
  expect(backend.to(`${PATH}/follow-ups`)[0]?.body).toMatchObject(body)
})

test('of several who were never met nobody is guessed', async () => {
  const several = await choosing([LIN, HE], [])
  expect([several.isMet('林董'), several.isMet('何工')]).toEqual([false, false])
})

test('who is the only one with a say was there, unless it was no visit after all', async () => {
  const { user, isMet } = await choosing([LIN, { ...HE, role: 'gatekeeper' }], [])
  expect(isMet('林董')).toBe(true)
  await user.click(screen.getByRole('radio', { name: '电话' }))
  expect(isMet('林董')).toBe(false)
})
