import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import { join, split } from '@/lib/address'
import { SOURCES } from '@/lib/leadSearch'

export interface Option {
  value: string
  label: string
}

interface Of<Kind extends string, Scope> {
  kind: Kind
  /** Its place in the address. */
  name: string
  label: (t: TFunction) => string
  isShown?: (scope: Scope) => boolean
}

/** A number of days, of which a few are offered. */
export interface Days<Scope> extends Of<'days', Scope> {
  choices: readonly number[]
  choice: (t: TFunction, count: number) => string
  chip: (t: TFunction, count: number) => string
}

/** Some of many; what an address says is known by its options. */
export interface Several<Scope> extends Of<'several', Scope> {
  useOptions: (scope: Scope) => { options: Option[]; isLoading: boolean }
}

export interface Person<Scope> extends Of<'person', Scope> {}

/** Words that the person types. */
export interface Typed<Scope> extends Of<'typed', Scope> {}

/** Boxes that stand together, each with its own place in the address. */
export interface Flags<Scope> extends Of<'flags', Scope> {
  names: readonly string[]
  chip: (t: TFunction, name: string) => string
}

/** A first and a last day, or a smallest and a largest number. */
export interface Period<Scope> extends Of<'period', Scope> {
  input?: 'number'
  ends: readonly { name: string; label: (t: TFunction) => string; chip: (t: TFunction, day: string) => string }[]
}

export type Filter<Scope> = Days<Scope> | Several<Scope> | Person<Scope> | Typed<Scope> | Flags<Scope> | Period<Scope>

/** The places of a filter in the address. */
export function namesOf<Scope>(filter: Filter<Scope>): readonly string[] {
  if (filter.kind === 'flags') return filter.names
  if (filter.kind === 'period') return filter.ends.map(({ name }) => name)
  return [filter.name]
}

export const isShown = <Scope>(part: { isShown?: (scope: Scope) => boolean }, scope: Scope): boolean =>
  part.isShown?.(scope) ?? true

type Values = Record<string, unknown>
type Pairs = [string, unknown][]

const ANY = 'any'

function fieldOf<Scope>(filter: Filter<Scope>, search: Values): Pairs {
  const value = search[filter.name]
  switch (filter.kind) {
    case 'days':
      return [[filter.name, `${value ?? ANY}`]]
    case 'several':
    case 'typed':
      return [[filter.name, split(value as string | undefined)]]
    case 'person':
      return [[filter.name, value ?? null]]
    case 'flags':
      return [[filter.name, filter.names.filter((name) => search[name])]]
    case 'period':
      return filter.ends.map(({ name }) => [name, search[name] ?? ''])
  }
}

function placesOf<Scope>(filter: Filter<Scope>, fields: Values): Pairs {
  const value = fields[filter.name]
  switch (filter.kind) {
    case 'days':
      return [[filter.name, value === ANY ? undefined : value]]
    case 'several':
    case 'typed':
      return [[filter.name, join(value as string[] | undefined)]]
    case 'person':
      return [[filter.name, value ?? undefined]]
    case 'flags':
      return filter.names.map((name) => [name, (value as string[] | undefined)?.includes(name) || undefined])
    case 'period':
      return filter.ends.map(({ name }) => [name, fields[name] || undefined])
  }
}

/** What the fields of the form show of an address. */
export const toFields = <Scope>(filters: readonly Filter<Scope>[], search: Values): Values =>
  Object.fromEntries(filters.flatMap((filter) => fieldOf(filter, search)))

/** The same backwards; a field that is not there asks for nothing. */
export const fromFields = <Scope>(filters: readonly Filter<Scope>[], fields: Values): Values =>
  Object.fromEntries(filters.flatMap((filter) => placesOf(filter, fields)))

export const daysOf = (t: TFunction, choices: readonly number[], word: (t: TFunction, count: number) => string) => [
  { value: ANY, label: t('list.any') },
  ...choices.map((count) => ({ value: `${count}`, label: word(t, count) })),
]

export function useRegionOptions(): { options: Option[]; isLoading: boolean } {
  const regions = useQuery(regionsQuery)
  const options = regions.data?.items.map((region) => ({ value: region.id, label: region.name })) ?? []
  return { options, isLoading: regions.isFetching }
}

/** Where records come from: the same words for leads and what becomes of them. */
export function useSourceOptions(): { options: Option[]; isLoading: boolean } {
  const { t } = useTranslation()
  return { options: SOURCES.map((value) => ({ value, label: t(`lead.sources.${value}`) })), isLoading: false }
}
