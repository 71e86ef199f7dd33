import type { TFunction } from 'i18next'
import type { Fault } from '@/api/types'
import { word } from '@/lib/words'

/** A field of the lead by its name on the screens; a further one by its own. */
export const targetWords = (t: TFunction, target: string): string =>
  word(t, `mapping.targets.${target}`, target.replace(/^custom\./, ''))

/** Why a submission does not fit, as a sentence. */
export function faultWords(t: TFunction, fault: Fault): string {
  const field = fault.field ? targetWords(t, fault.field) : ''
  return word(t, `quarantine.faults.${fault.code}`, fault.detail, { field, detail: fault.detail })
}
