import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import type { Person } from '@/api/types'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { PersonForm } from './PersonForm'

const PERSON: Person = {
  id: 'p',
  name: '张磊',
  login: 'zhanglei',
  email: null,
  mobile: '15405555555',
  region: null,
  supervisor: null,
  is_active: true,
  takes_leads: true,
  product_lines: [],
  languages: [],
  locale: 'zh-CN',
  dingtalk_mobile: null,
  access_ends_at: null,
  roles: ['sales_rep'],
  on_leave: false,
  version: 3,
}
const PATH = '/api/v1/people/p'

test('who was second chooses, and saves on top of the newer state', async () => {
  adopt(signedIn('one'))
  const current = { ...PERSON, mobile: '15400000001', version: 4 }
  const backend = serve({
    [`GET ${PATH}`]: json(PERSON, 200, { ETag: '"v3"' }),
    [`PATCH ${PATH}`]: [
      problem(412, 'changed_meanwhile', { params: { current } }),
      json({ ...current, name: '张蕾', version: 5 }),
    ],
    'GET /api/v1/roles': json({ items: [] }),
    'GET /api/v1/regions': json({ items: [] }),
    'GET /api/v1/people': json({ items: [], next_cursor: null }),
  })
  const onDone = vi.fn()
  renderApp(<PersonForm person={PERSON} onDone={onDone} />)
  const user = hand()
  const name = await screen.findByLabelText('姓名')
  await user.clear(name)
  await user.type(name, '张蕾')
  await user.click(screen.getByRole('button', { name: '保存' }))
  expect(await screen.findByText('张磊 的资料刚被别人改过')).toBeTruthy()
  expect(screen.getByText('不同的内容：姓名、手机')).toBeTruthy()

  await user.click(screen.getByRole('button', { name: '用我的覆盖' }))
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce())
  const [first, second] = backend.calls.filter((call) => call.method === 'PATCH')
  expect([first?.headers.get('If-Match'), first?.body]).toEqual(['"v3"', { name: '张蕾' }])
  expect([second?.headers.get('If-Match'), second?.body]).toEqual(['"v4"', { name: '张蕾', mobile: '15405555555' }])
})
