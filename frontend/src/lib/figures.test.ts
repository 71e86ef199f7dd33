import { describe, expect, test } from 'vitest'
import { groupedAmount, isAmount, money } from './money'
import { readablePhone, telHref } from './phone'
import { areasToRows, placeName, rowsToAreas } from './places'

describe('money stays a decimal string', () => {
  test('grouped, without a fraction of zero', () => {
    expect(groupedAmount('9007199254740993.10')).toBe('9,007,199,254,740,993.10')
    expect(groupedAmount('120000.00')).toBe('120,000')
    expect(money('1234.50', 'USD')).toBe('$1,234.50')
    expect(money('1234', 'CHF')).toBe('1,234 CHF')
  })
  test('two decimals at most are entered', () => {
    expect(['12', '12.5', '12.50', '9999999999999999.99'].every(isAmount)).toBe(true)
    expect(['', '12.', '12.345', '-1', '1e5', '1,000'].some(isAmount)).toBe(false)
  })
})

test('phones are readable, and dialled as digits', () => {
  expect(readablePhone('+8613812345678')).toBe('138 1234 5678')
  expect(readablePhone('0512-6656 1234')).toBe('0512-6656 1234')
  expect(telHref('+86 138-1234-5678')).toBe('tel:+8613812345678')
})

test('a municipality is named once', () => {
  expect(placeName('上海', '上海')).toBe('上海')
  expect(placeName('江苏', '苏州')).toBe('江苏 苏州')
  expect(placeName(null, null)).toBe('')
})

test('areas become rows and rows areas', () => {
  const areas = [
    { province: '江苏', city: null },
    { province: '福建', city: '宁德' },
    { province: '福建', city: '厦门' },
  ]
  const rows = areasToRows(areas)
  expect(rows).toEqual([
    { province: '江苏', cities: [] },
    { province: '福建', cities: ['宁德', '厦门'] },
  ])
  expect(rowsToAreas(rows)).toEqual(areas)
})
