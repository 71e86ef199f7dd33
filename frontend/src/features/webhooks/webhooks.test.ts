import { describe, expect, test } from 'vitest'
import { contentType } from './api'
import { correctionsOf } from './corrections'
import { toMapping, toRows } from './mappingRows'
import { snippet } from './snippets'

describe('a mapping as lines of a table', () => {
  const MAPPING = {
    company: ['company', 'formDetail[name=公司].value'],
    phone: [{ path: 'tel', transforms: ['phone'] }, { constant: '未留电话' }],
    campaign: [{ constant: '上海展会' }],
  }
  test('comes back as it was', () => {
    expect(toMapping(toRows(MAPPING))).toEqual(MAPPING)
  })
  test('a default stands beside the place that it stands in for', () => {
    expect(toRows(MAPPING)).toContainEqual({
      target: 'phone',
      path: 'tel',
      transforms: ['phone'],
      fallback: '未留电话',
    })
  })
  test('a single source and one of several are read alike; unfinished lines say nothing', () => {
    expect(toMapping([...toRows({ email: 'email' }), { path: 'x', target: '', transforms: [], fallback: '' }])).toEqual(
      {
        email: ['email'],
      },
    )
  })
})

test('only what differs is a correction; what was emptied is one too', () => {
  const found = { company: '苏州精工', phone: '见微信' }
  expect(correctionsOf(found, { company: '苏州精工 ', phone: '', wechat: 'wf' })).toEqual({ phone: '', wechat: 'wf' })
})

test('a payload is taken for what it looks like', () => {
  expect(contentType(' {"a":1}')).toBe('application/json')
  expect(contentType('a=1&b=2')).toBe('application/x-www-form-urlencoded')
})

test('the code for the site names the address and never a secret', () => {
  const signed = snippet('node', 'https://crm.example.cn/api/v1/inbound/forms/site', { by: 'signature' })
  expect(signed).toContain('https://crm.example.cn/api/v1/inbound/forms/site')
  expect(snippet('curl', 'u', { by: 'token', header: 'x-form-token', member: 'token_a' })).toContain('token_a')
})
