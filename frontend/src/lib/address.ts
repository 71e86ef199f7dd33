import { parseSearchWith, stringifySearchWith } from '@tanstack/react-router'
import dayjs from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import { ZONE } from './time'

dayjs.extend(utc)
dayjs.extend(timezone)

/** How a list stands in its address, and what of it is understood; the rest is dropped. */
const DAY = /^\d{4}-\d{2}-\d{2}$/

export const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((item) => item === value)

/** Older links put quotes around a text that reads like a number. */
const QUOTED = /^"([-+.\deE]+|true|false|null)"$/

/** What stands in the address is text: read as JSON, a search for 1e5 would look for 100000. */
export const parseSearch = parseSearchWith((value) => QUOTED.exec(value)?.[1] ?? value)

export const stringifySearch = stringifySearchWith(JSON.stringify)

export const text = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) && `${value}`.trim() ? `${value}` : undefined

export const several = (value: unknown, known: readonly string[]): string | undefined =>
  split(text(value))
    .filter((item) => known.includes(item))
    .join(',') || undefined

export const count = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= 3660 ? Number(value) : undefined

export const day = (value: unknown): string | undefined =>
  typeof value === 'string' && DAY.test(value) && dayjs(value).isValid() ? value : undefined

export const split = (list: string | undefined): string[] => list?.split(',').filter(Boolean) ?? []

export const join = (list: readonly string[] | null | undefined): string | undefined => list?.join(',') || undefined

export const list = (value: string | undefined): string[] | undefined => (value ? split(value) : undefined)

/** What is long enough to be looked for: one character would find nearly everything. */
export const needle = (typed: string | undefined): string | undefined => {
  const q = typed?.trim()
  return q && [...q].length > 1 ? q : undefined
}

/** Start of the hour, so that a list is not asked for anew with every second. */
export const ago = (days: number, now: number): string => dayjs(now).subtract(days, 'day').startOf('hour').toISOString()

export const startOf = (date: string, more = 0): string => dayjs.tz(date, ZONE).add(more, 'day').toISOString()

export const dayOf = (moment: string | null | undefined, more = 0): string | undefined =>
  moment ? dayjs(moment).tz(ZONE).add(more, 'day').format('YYYY-MM-DD') : undefined

/** The columns of a table in their order: those that were chosen, else the usual ones. */
export function chosenColumns<T extends string>(
  chosen: string | undefined,
  all: readonly T[],
  usual: readonly T[],
): T[] {
  const wanted: readonly string[] = chosen ? split(chosen) : usual
  return all.filter((column) => wanted.includes(column))
}
