import { expect, test } from 'vitest'
import { datesBetween, dayTitle, monthSpan, monthTitle, shiftMonth, weekdayNames, weeksOf } from './calendarMonth'

const OCTOBER = [
  { date: '2026-10-01', is_workday: false, name: '国庆节', source: 'state_council' as const },
  { date: '2026-10-10', is_workday: true, name: '国庆节调休上班', source: 'state_council' as const },
]

test('a month is whole weeks from Monday to Sunday', () => {
  const weeks = weeksOf('2026-10', OCTOBER)
  expect(weeks.map((week) => week.map((cell) => cell?.day ?? 0))).toEqual([
    [0, 0, 0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9, 10, 11],
    [12, 13, 14, 15, 16, 17, 18],
    [19, 20, 21, 22, 23, 24, 25],
    [26, 27, 28, 29, 30, 31, 0],
  ])
})

test('what is on file wins over the weekend', () => {
  const days = weeksOf('2026-10', OCTOBER).flat()
  const isWorked = (date: string) => days.find((day) => day?.date === date)?.isWorkday
  expect([isWorked('2026-10-01'), isWorked('2026-10-02'), isWorked('2026-10-03'), isWorked('2026-10-10')]).toEqual([
    false,
    true,
    false,
    true,
  ])
})

test('a February that begins on a Monday and fills four weeks has no gaps', () => {
  const weeks = weeksOf('2027-02', [])
  expect(weeks).toHaveLength(4)
  expect(weeks.flat().every((cell) => cell !== null)).toBe(true)
})

test('months follow each other over the year, with their last day', () => {
  expect([shiftMonth('2026-12', 1), shiftMonth('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
  expect(monthSpan('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
})

test('a span of days holds both ends, and none when it runs backwards', () => {
  expect(datesBetween('2026-09-30', '2026-10-02')).toEqual(['2026-09-30', '2026-10-01', '2026-10-02'])
  expect(datesBetween('2026-10-02', '2026-10-01')).toEqual([])
})

test('titles are in the language of the person', () => {
  expect([monthTitle('2026-10', 'zh-CN'), monthTitle('2026-10', 'en')]).toEqual(['2026年10月', 'October 2026'])
  expect([dayTitle('2026-10-01', 'zh-CN'), dayTitle('2026-10-01', 'en')]).toEqual([
    '10月1日星期四',
    'Thursday, October 1',
  ])
  expect(weekdayNames('zh-CN').map(({ short }) => short)).toEqual([
    '周一',
    '周二',
    '周三',
    '周四',
    '周五',
    '周六',
    '周日',
  ])
  expect(weekdayNames('en')[6]?.long).toBe('Sunday')
})
