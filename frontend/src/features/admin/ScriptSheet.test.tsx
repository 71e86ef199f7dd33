import { screen } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { adopt } from '@/api/session'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { ScriptSheet } from './ScriptSheet'

beforeEach(() => adopt(signedIn('token')))

test('a variable goes in where the cursor stands; an unknown one is named beside the text', async () => {
  const errors = [{ pointer: '#/body', code: 'unknown_variable', detail: 'Unknown variables' }]
  const backend = serve({
    'GET /api/v1/leads': json({ items: [], next_cursor: null }),
    'POST /api/v1/script-templates': problem(422, 'unknown_variable', { errors }),
  })
  renderApp(<ScriptSheet script={null} variables={['company']} open onClose={() => undefined} />)
  const user = hand()
  await user.type(await screen.findByLabelText('标题'), '回访')
  await user.type(screen.getByRole('textbox', { name: '内容' }), '您好')
  await user.click(screen.getByRole('button', { name: '公司' }))
  await user.click(screen.getByRole('button', { name: '新增话术' }))
  const said = await screen.findByText('有不认识的变量')
  expect(said.closest('.ant-form-item')?.textContent).toContain('内容')
  expect(backend.to('/api/v1/script-templates')[0]?.body).toMatchObject({ title: '回访', body: '您好{company}' })
})
