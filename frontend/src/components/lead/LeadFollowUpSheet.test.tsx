import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import { json, LEAD, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { LeadFollowUpSheet } from './LeadFollowUpSheet'

const PATH = `/api/v1/leads/${LEAD.id}/follow-ups`
const ENTRY = {
  id: 'e',
  kind: 'call',
  at: LEAD.received_at,
  recorded_at: LEAD.received_at,
  actor: null,
  is_effective: null,
  is_deep: null,
  corrects: null,
  corrected_by: null,
  of: null,
  outcome: 'reached',
  body: {},
}

function open() {
  adopt(signedIn('one'))
  const onClose = vi.fn()
  renderApp(<LeadFollowUpSheet lead={LEAD} open onClose={onClose} />)
  return { user: hand(), onClose }
}

const save = () => screen.getByRole('button', { name: '保存跟进' })

test('two taps log a call', async () => {
  const backend = serve({ [`POST ${PATH}`]: json(ENTRY, 201) })
  const { user, onClose } = open()
  await user.click(await screen.findByRole('radio', { name: '已联系上' }))
  await user.click(save())
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(backend.to(PATH)[0]?.body).toEqual({ kind: 'call', outcome: 'reached', note: '', direction: 'out' })
})

test('an outcome is needed', async () => {
  const backend = serve({})
  const { user, onClose } = open()
  await user.click(save())
  expect(await screen.findByText('请选一个结果')).toBeTruthy()
  expect(backend.calls).toHaveLength(0)
  expect(onClose).not.toHaveBeenCalled()
})

test('a try that got no answer is repeated under the same key; nothing typed is lost', async () => {
  const lost = () => Promise.reject(new TypeError('Failed to fetch'))
  const backend = serve({ [`POST ${PATH}`]: [lost, json(ENTRY, 201)] })
  const { user, onClose } = open()
  await user.click(await screen.findByRole('radio', { name: '有意向' }))
  await user.type(screen.getByLabelText('说了什么'), '要样品')
  await user.click(save())
  expect(await screen.findByText(/连不上服务器/)).toBeTruthy()
  expect(onClose).not.toHaveBeenCalled()
  await user.click(save())
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  const [first, second] = backend.to(PATH)
  expect(second?.headers.get('Idempotency-Key')).toBe(first?.headers.get('Idempotency-Key'))
  expect(second?.body).toEqual(first?.body)
})

test('a next step carries its moment in UTC', async () => {
  const backend = serve({ [`POST ${PATH}`]: json(ENTRY, 201) })
  const { user } = open()
  await user.click(await screen.findByRole('radio', { name: '约好再联系' }))
  await user.click(screen.getByRole('radio', { name: '明天上午' }))
  await user.type(await screen.findByLabelText('做什么'), '发报价')
  await user.click(save())
  await waitFor(() => expect(backend.to(PATH)).toHaveLength(1))
  expect(backend.to(PATH)[0]?.body).toMatchObject({
    next_step: '发报价',
    next_step_at: expect.stringMatching(/T01:00:00\.000Z$/),
  })
})
