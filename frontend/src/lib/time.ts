import dayjs from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)
dayjs.extend(timezone)

export const ZONE = 'Asia/Shanghai'

export type Language = 'zh-CN' | 'en'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const WORDS = {
  'zh-CN': { today: '今天', yesterday: '昨天', tomorrow: '明天', day: 'M月D日', year: 'YYYY年M月D日' },
  en: { today: 'Today', yesterday: 'Yesterday', tomorrow: 'Tomorrow', day: 'MMM D', year: 'MMM D, YYYY' },
} as const

function dayWord(days: number, language: Language): string | null {
  const words = WORDS[language]
  return { [-1]: words.yesterday, 0: words.today, 1: words.tomorrow }[days] ?? null
}

/** A moment in the company's zone, as short as it can be understood: 今天 14:05, 3月8日 10:00, 2025年12月1日. */
export function formatMoment(iso: string, now: number, language: Language): string {
  const moment = dayjs(iso).tz(ZONE)
  const present = dayjs(now).tz(ZONE)
  const days = moment.startOf('day').diff(present.startOf('day'), 'day')
  const clock = moment.format('HH:mm')
  const word = dayWord(Math.round(days), language)
  if (word) return `${word} ${clock}`
  if (moment.year() === present.year()) return `${moment.format(WORDS[language].day)} ${clock}`
  return `${moment.format(WORDS[language].year)} ${clock}`
}

/** Date and time in full, for titles and records. */
export function formatFull(iso: string): string {
  return dayjs(iso).tz(ZONE).format('YYYY-MM-DD HH:mm:ss')
}

export interface Remaining {
  isOver: boolean
  days: number
  hours: number
  minutes: number
  seconds: number
}

/** Whole days of 24 hours that have passed since a moment. */
export const daysSince = (iso: string, now: number): number => Math.max(0, Math.floor((now - Date.parse(iso)) / DAY))

/** The distance from now to a moment, in either direction. */
export function remaining(due: number, now: number): Remaining {
  const distance = Math.abs(due - now)
  return {
    isOver: due <= now,
    days: Math.floor(distance / DAY),
    hours: Math.floor((distance % DAY) / HOUR),
    minutes: Math.floor((distance % HOUR) / MINUTE),
    seconds: Math.floor((distance % MINUTE) / 1000),
  }
}

/** Local wall time of the company ("2026-03-11T09:00", as a datetime-local field holds it) to an instant. */
export function wallTimeToIso(wall: string): string {
  return dayjs.tz(wall, ZONE).toISOString()
}

/** An instant as a datetime-local field shows it, in the company's zone. */
export function isoToWallTime(iso: string): string {
  return dayjs(iso).tz(ZONE).format('YYYY-MM-DDTHH:mm')
}

/** Moments that a next step usually gets: later today, tomorrow morning, in three days, next Monday. */
export function nextStepChoices(now: number): { key: 'today' | 'tomorrow' | 'in3days' | 'monday'; wall: string }[] {
  const present = dayjs(now).tz(ZONE)
  const at = (days: number, hour: number): string =>
    present.add(days, 'day').hour(hour).minute(0).second(0).format('YYYY-MM-DDTHH:mm')
  const toMonday = (8 - present.day()) % 7 || 7
  const choices = [
    { key: 'tomorrow' as const, wall: at(1, 9) },
    { key: 'in3days' as const, wall: at(3, 9) },
    { key: 'monday' as const, wall: at(toMonday, 9) },
  ]
  return present.hour() < 16 ? [{ key: 'today' as const, wall: at(0, 16) }, ...choices] : choices
}

/** When a call is tried again: the "tomorrow" of `nextStepChoices`. */
export function tomorrowMorning(now: number): string {
  return nextStepChoices(now).find(({ key }) => key === 'tomorrow')?.wall ?? ''
}

/** The company's date of a moment, as a date field holds it. */
export function dateOf(now: number): string {
  return dayjs(now).tz(ZONE).format('YYYY-MM-DD')
}

/** English as `formatMoment` writes it: the month before the day. */
export const localeOf = (language: Language): string => (language === 'en' ? 'en-US' : 'zh-CN')

export function hourOf(now: number): number {
  return dayjs(now).tz(ZONE).hour()
}

/** The day as a heading: 3月10日星期二, Tuesday, March 10. */
export function dayLine(now: number, language: Language): string {
  const options = { timeZone: ZONE, month: 'long', day: 'numeric', weekday: 'long' } as const
  return new Intl.DateTimeFormat(localeOf(language), options).format(now)
}
