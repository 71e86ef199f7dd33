import type { TFunction } from 'i18next'
import { createContext, use } from 'react'
import { mapErrors } from '@/lib/formErrors'
import { fieldWords } from '@/lib/words'

/** What is wrong where: a path such as `stages/3/exit/0/amount`, and words for it. */
export type Faults = Readonly<Record<string, string>>

export const NO_FAULTS: Faults = {}

/** The places that a 422 names; empty for any other problem. */
export function faultsOf(t: TFunction, error: unknown): Faults {
  const { fields } = mapErrors(error, ['name_zh', 'name_en', 'stages', 'note'], fieldWords(t))
  return Object.fromEntries(fields.map(({ name, errors }) => [name.join('/'), errors.join(t('common.listSeparator'))]))
}

/** The first stage that something is wrong with; -1 when it is none of the stages. */
export function firstFaulty(faults: Faults): number {
  const places = Object.keys(faults).flatMap((path) => path.match(/^stages\/(\d+)/)?.[1] ?? [])
  return places.length > 0 ? Math.min(...places.map(Number)) : -1
}

const Context = createContext<Faults>(NO_FAULTS)
export const FaultsProvider = Context

/** What is wrong at this place; `within` takes in everything below it, which no field of its own shows. */
export function useFault(path: string, within = false): string | undefined {
  const faults = use(Context)
  if (!within) return faults[path]
  return Object.entries(faults).find(([place]) => place === path || place.startsWith(`${path}/`))?.[1]
}
