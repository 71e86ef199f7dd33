import { expect, test } from 'vitest'
import { poolDays } from './poolDays'

const NOW = Date.parse('2026-03-10T02:00:00Z')

test.each([
  ['2026-03-09T02:00:00Z', 0],
  ['2026-03-10T02:00:00Z', 0],
  ['2026-03-10T02:00:01Z', 1],
  ['2026-03-11T02:00:00Z', 1],
  ['2026-03-11T02:00:01Z', 2],
])('a lead that returns at %s has %i days', (at, days) => {
  expect(poolDays(at, NOW)).toBe(days)
})
