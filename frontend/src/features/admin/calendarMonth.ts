import dayjs from 'dayjs'
import type { CalendarDay } from '@/api/types'
import { type Language, localeOf } from '@/lib/time'

export const MOST_DAYS = 62

/** A day of the grid; `exception` is what is on file about it. */
export interface MonthDay {
  date: string
  day: number
  isWorkday: boolean
  exception: CalendarDay | undefined
}

const ISO = 'YYYY-MM-DD'

export const monthOf = (date: string): string => date.slice(0, 7)

export const shiftMonth = (month: string, by: number): string => dayjs(`${month}-01`).add(by, 'month').format('YYYY-MM')

export function monthSpan(month: string): { from: string; to: string } {
  const first = dayjs(`${month}-01`)
  return { from: first.format(ISO), to: first.endOf('month').format(ISO) }
}

/** Weeks from Monday to Sunday; null where a week reaches into another month. */
export function weeksOf(month: string, days: CalendarDay[]): (MonthDay | null)[][] {
  const known = new Map(days.map((day) => [day.date, day]))
  const first = dayjs(`${month}-01`)
  const lead = (first.day() + 6) % 7
  const cells: (MonthDay | null)[] = Array.from({ length: lead }, () => null)
  for (let day = 1; day <= first.daysInMonth(); day += 1) {
    const date = first.date(day).format(ISO)
    const exception = known.get(date)
    const isWeekend = [0, 6].includes(first.date(day).day())
    cells.push({ date, day, isWorkday: exception ? exception.is_workday : !isWeekend, exception })
  }
  while (cells.length % 7 > 0) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

/** Every date from the first to the last; none when they are the wrong way round. */
export function datesBetween(first: string, last: string): string[] {
  const count = dayjs(last).diff(dayjs(first), 'day') + 1
  return Array.from({ length: Math.max(count, 0) }, (_, offset) => dayjs(first).add(offset, 'day').format(ISO))
}

const atNoon = (date: string): Date => new Date(`${date}T12:00:00Z`)

export function monthTitle(month: string, language: Language): string {
  const options = { timeZone: 'UTC', year: 'numeric', month: 'long' } as const
  return new Intl.DateTimeFormat(localeOf(language), options).format(atNoon(`${month}-01`))
}

export function dayTitle(date: string, language: Language): string {
  const options = { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'long' } as const
  return new Intl.DateTimeFormat(localeOf(language), options).format(atNoon(date))
}

/** The weekdays from Monday on. */
export function weekdayNames(language: Language): { short: string; long: string }[] {
  const name = (offset: number, weekday: 'short' | 'long'): string =>
    new Intl.DateTimeFormat(localeOf(language), { timeZone: 'UTC', weekday }).format(atNoon(`2026-06-0${1 + offset}`))
  return Array.from({ length: 7 }, (_, offset) => ({ short: name(offset, 'short'), long: name(offset, 'long') }))
}
