import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { i18next, switchLanguage } from '@/i18n/i18n'
import { learnServerTime } from '@/lib/serverClock'
import { Countdown, countdownWords } from './Countdown'

const NOW = Date.parse('2026-03-10T02:00:00Z')
const MINUTE = 60_000

describe('the words of a countdown', () => {
  test.each([
    [3 * 24 * 60 + 61, '还剩 3 天 1 小时'],
    [47 * 60 + 59, '还剩 47 小时 59 分'],
    [59, '还剩 59 分 0 秒'],
    [-125, '超时 2 小时 5 分'],
  ])('%i minutes', (minutes, words) => {
    expect(countdownWords(i18next.t, 'zh-CN', NOW + minutes * MINUTE, NOW)).toBe(words)
  })

  test.each([
    ['zh-CN', '时限从 3月12日 10:00 起算', '还剩 2 天 0 小时'],
    ['en', 'The limit runs from Mar 12 10:00', '2 d 0 h left'],
  ] as const)('%s: a limit that begins later, since the clock was set back', async (language, ahead, begun) => {
    await switchLanguage(language)
    const begins = NOW + 48 * 60 * MINUTE
    const say = (now: number) =>
      countdownWords(i18next.t, language, begins + 48 * 60 * MINUTE, now, new Date(begins).toISOString())
    expect([say(NOW), say(begins)]).toEqual([ahead, begun])
  })
})

describe('on the screen', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
  })
  afterEach(() => {
    learnServerTime(new Date(NOW).toISOString(), NOW)
    vi.useRealTimers()
  })

  test('it runs by the clock of the server, not of the device', () => {
    learnServerTime(new Date(NOW + 60 * MINUTE).toISOString(), NOW)
    render(<Countdown dueAt={new Date(NOW + 61 * MINUTE).toISOString()} />)
    expect(screen.getByRole('timer').textContent).toContain('还剩 1 分 0 秒')
    act(() => vi.advanceTimersByTime(61_000))
    expect(screen.getByRole('timer').textContent).toContain('超时 1 秒')
  })
})
