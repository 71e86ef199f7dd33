import { describe, expect, test } from 'vitest'
import { dayLine, formatMoment, isoToWallTime, nextStepChoices, remaining, wallTimeToIso } from './time'

const NOW = Date.parse('2026-03-10T02:00:00Z') // Tuesday 10:00 in Shanghai

describe('a moment in the company zone', () => {
  test.each([
    ['2026-03-10T01:05:00Z', '今天 09:05', 'Today 09:05'],
    ['2026-03-09T16:00:00Z', '今天 00:00', 'Today 00:00'],
    ['2026-03-09T15:59:00Z', '昨天 23:59', 'Yesterday 23:59'],
    ['2026-03-11T01:00:00Z', '明天 09:00', 'Tomorrow 09:00'],
    ['2026-03-08T02:00:00Z', '3月8日 10:00', 'Mar 8 10:00'],
    ['2025-12-31T15:30:00Z', '2025年12月31日 23:30', 'Dec 31, 2025 23:30'],
  ])('%s', (iso, zh, en) => {
    expect(formatMoment(iso, NOW, 'zh-CN')).toBe(zh)
    expect(formatMoment(iso, NOW, 'en')).toBe(en)
  })
})

test('a day is written in the order of a moment', () => {
  expect([dayLine(NOW, 'zh-CN'), dayLine(NOW, 'en')]).toEqual(['3月10日星期二', 'Tuesday, March 10'])
})

test('the distance to a deadline counts in both directions', () => {
  const left = { isOver: false, days: 1, hours: 23, minutes: 59, seconds: 59 }
  expect(remaining(NOW + 2 * 86_400_000 - 1000, NOW)).toEqual(left)
  expect(remaining(NOW - 61_000, NOW)).toEqual({ isOver: true, days: 0, hours: 0, minutes: 1, seconds: 1 })
  expect(remaining(NOW, NOW).isOver).toBe(true)
})

test('wall time is of the company, wherever the device is', () => {
  expect(wallTimeToIso('2026-03-11T09:00')).toBe('2026-03-11T01:00:00.000Z')
  expect(isoToWallTime('2026-03-11T01:00:00Z')).toBe('2026-03-11T09:00')
})

describe('moments offered for a next step', () => {
  const walls = (now: string) =>
    Object.fromEntries(nextStepChoices(Date.parse(now)).map(({ key, wall }) => [key, wall]))
  test('in the morning of a Tuesday', () => {
    expect(walls('2026-03-10T02:00:00Z')).toEqual({
      today: '2026-03-10T16:00',
      tomorrow: '2026-03-11T09:00',
      in3days: '2026-03-13T09:00',
      monday: '2026-03-16T09:00',
    })
  })
  test('none today when the day is over; on Monday the next Monday', () => {
    expect(walls('2026-03-09T09:00:00Z')).not.toHaveProperty('today')
    expect(walls('2026-03-09T02:00:00Z').monday).toBe('2026-03-16T09:00')
  })
  test('on Sunday Monday is tomorrow', () => {
    expect(walls('2026-03-15T02:00:00Z').monday).toBe('2026-03-16T09:00')
  })
})
