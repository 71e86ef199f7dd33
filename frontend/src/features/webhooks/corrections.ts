import type { Corrections } from './api'

/** The fields that marketing can type in for a submission. */
export const EDITED = [
  'company',
  'contact_name',
  'phone',
  'email',
  'wechat',
  'province',
  'city',
  'product_line',
  'expected_amount',
  'need',
] as const

/** What differs from what the mapping found; a field that was emptied is left out of the lead. */
export function correctionsOf(found: Record<string, string>, typed: Corrections): Corrections {
  return Object.fromEntries(
    Object.entries(typed)
      .map(([name, text]) => [name, text.trim()] as const)
      .filter(([name, text]) => text !== (found[name] ?? '')),
  )
}
