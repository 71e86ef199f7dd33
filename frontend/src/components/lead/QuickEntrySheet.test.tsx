import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import { json, LEAD, ME, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { type Hand, hand, renderApp } from '@/testing/render'
import { QuickEntrySheet, toNewLead } from './QuickEntrySheet'

const navigate = vi.hoisted(() => vi.fn())
vi.mock('@tanstack/react-router', async (original) => ({ ...(await original<object>()), useNavigate: () => navigate }))

const LEADS = '/api/v1/leads'

function open(roles = ME.roles) {
  adopt(signedIn('one', { me: { ...ME, roles } }))
  renderApp(<QuickEntrySheet open onClose={() => undefined} />)
  return hand()
}

async function fill(user: Hand) {
  await user.type(await screen.findByLabelText('公司'), '恒力')
  await user.type(screen.getByLabelText('手机 / 电话'), '12')
  await user.click(screen.getByRole('button', { name: '保存线索' }))
}

test('the server’s objections stand beside their fields', async () => {
  const errors = [{ pointer: '#/phone', code: 'not_a_phone', detail: 'This is no phone number.' }]
  serve({ [`POST ${LEADS}`]: problem(422, 'invalid_input', { errors }) })
  const user = open()
  await fill(user)
  expect(await screen.findByText('不是有效的电话号码')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('手机 / 电话'))
})

test('nobody to ask for and no way to reach them is said before anything is sent', async () => {
  const backend = serve({})
  const user = open()
  await user.click(await screen.findByRole('button', { name: '保存线索' }))
  expect(await screen.findByText('公司和联系人至少填一个')).toBeTruthy()
  expect(screen.getByText('电话、邮箱、微信至少填一个，才能联系上对方')).toBeTruthy()
  expect(backend.calls).toHaveLength(0)
})

test('a rep keeps the lead unless told otherwise; who sells nothing is not asked', async () => {
  const backend = serve({ [`POST ${LEADS}`]: json(LEAD, 201) })
  const user = open()
  await fill(user)
  await vi.waitFor(() => expect(navigate).toHaveBeenCalled())
  expect(backend.to(LEADS)[0]?.body).toEqual({
    company: '恒力',
    phone: '12',
    source: 'manual',
    currency: 'CNY',
    assign_to_me: true,
  })
})

test('marketing has no switch to keep a lead', async () => {
  open([{ code: 'marketing', name_zh: '市场部', name_en: 'Marketing' }])
  await screen.findByLabelText('公司')
  expect(screen.queryByRole('switch')).toBeNull()
})

test('empty fields stay away from the wire', () => {
  expect(toNewLead({ company: ' 恒力 ', city: '', need: '  ', province: null, assign_to_me: false })).toEqual({
    company: '恒力',
    assign_to_me: false,
  })
})
