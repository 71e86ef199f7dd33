import { expect, test } from 'vitest'
import { scriptOf } from './script'

const scripts = (body: string) => ({ scripts: [{ id: 's1', title: '首次联系', body }] })

test.each<[string, Record<string, string | null>, string]>([
  ['{contact}您好，我是{rep}', { contact: '王工', rep: '张磊' }, '王工您好，我是张磊'],
  ['{city}的{product}', { city: '江苏', product: null }, '江苏的____'],
  ['{need}{need}', { need: '' }, '________'],
  ['{nobody} {need} {constructor}', { need: '{company}' }, '{nobody} {company} {constructor}'],
])('%s', (body, script_values, expected) => {
  expect(scriptOf(scripts(body), { script_id: 's1', script_values })?.body).toBe(expected)
})

test('no script fits', () => {
  expect(scriptOf(scripts('x'), { script_id: null, script_values: {} })).toBeNull()
})
