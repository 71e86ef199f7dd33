import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch, text } from './address'

describe('the query of an address', () => {
  it.each([
    ['1e5', '1e5'],
    ['4e4933', '4e4933'],
    ['007', '007'],
    ['13800000001', '13800000001'],
    ['12345678901234567890', '12345678901234567890'],
    ['null', 'null'],
    ['true', 'true'],
    ['{"a":1}', '{"a":1}'],
    ['%22精工%22', '"精工"'],
    ['%2213800000001%22', '13800000001'],
    ['精工+模具', '精工 模具'],
  ])('takes %s for the text that was typed', (written, read) => {
    expect(text((parseSearch(`?q=${written}`) as Record<string, unknown>).q)).toBe(read)
  })

  it('keeps numbers and flags as such', () => {
    expect(parseSearch('?days=30&overdue=true')).toEqual({ days: 30, overdue: true })
  })

  it.each(['1e5', '精工 模具', '13800000001', '"精工"', 'a&b=c', 'null'])('brings %s back from the address', (q) => {
    expect(text((parseSearch(stringifySearch({ q, scope: 'own' })) as Record<string, unknown>).q)).toBe(q)
  })

  it('leaves out what is not set', () => {
    expect(stringifySearch({ q: undefined, state: 'new,assigned' })).toBe('?state=new%2Cassigned')
  })
})
