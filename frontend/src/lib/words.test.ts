import { describe, expect, test } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { i18next, switchLanguage } from '@/i18n/i18n'
import { learnServerTime } from './serverClock'
import { fieldWords, problemWords, word } from './words'

const t = i18next.t

describe('the words for a problem', () => {
  test('go by its code', () => {
    const { title, help } = problemWords(t, new ApiProblem(409, { code: 'already_yours' }))
    expect([title, help]).toEqual(['这条线索已经是你的', '直接跟进就可以。'])
  })

  test('an unknown code falls back to its status', () => {
    expect(problemWords(t, new ApiProblem(403, { code: 'something_new' })).title).toBe('没有权限')
    expect(problemWords(t, new ApiProblem(500, { code: 'internal' })).title).toBe('服务器出错了')
  })

  test('an unknown status shows what the server said', () => {
    expect(problemWords(t, new ApiProblem(418, { code: 'teapot', detail: 'I am a teapot' })).help).toBe('I am a teapot')
  })

  test.each([
    ['zh-CN', ['张三', '张三（请假中）', '张三（请假中，代理：李四）'], ' 已在负责这家公司'],
    ['en', ['张三', '张三 (on leave)', '张三 (on leave, 李四 stands in)'], ' has this firm already'],
  ] as const)('say whom to ask while the owner is on leave: %s', async (language, people, rest) => {
    await switchLanguage(language)
    const said = [
      { owner_is_away: false, deputy: null },
      { owner_is_away: true, deputy: null },
      { owner_is_away: true, deputy: { id: 'x', name: '李四' } },
    ].map(
      (params) => new ApiProblem(409, { code: 'duplicate_of_owned', params: { owner: { name: '张三' }, ...params } }),
    )
    expect(said.map((one) => problemWords(t, one).title)).toEqual(people.map((person) => person + rest))
  })

  test.each([
    ['zh-CN', '3月9日 09:00 到 3月12日 18:00 已登记休假。请先取消那一次，或另选时间。'],
    ['en', 'There is one from Mar 9 09:00 to Mar 12 18:00. Cancel that one first, or choose another time.'],
  ] as const)('say moments as people read them: %s', async (language, help) => {
    await switchLanguage(language)
    learnServerTime('2026-03-20T02:00:00Z', Date.now())
    const params = { starts_at: '2026-03-09T01:00:00+00:00', ends_at: '2026-03-12T10:00:00+00:00' }
    expect(problemWords(t, new ApiProblem(409, { code: 'leaves_overlap', params })).help).toBe(help)
  })

  test('in English', async () => {
    await switchLanguage('en')
    expect(problemWords(t, new ApiProblem(0, {})).title).toBe('No connection to the server')
  })
})

test('codes of fields', () => {
  expect(fieldWords(t)('taken', 'This login exists.')).toBe('已被使用')
  expect(fieldWords(t)('never_seen', 'Say it as the server does.')).toBe('Say it as the server does.')
})

test('a key with dots in its last part is found', () => {
  expect(word(t, 'timeline.kinds.lead.received', '?')).toBe('收到线索')
  expect(word(t, 'timeline.kinds.lead.unheard_of', 'lead.unheard_of')).toBe('lead.unheard_of')
})
