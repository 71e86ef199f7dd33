import type { Lead, MergeCreate } from '@/api/types'

export const FIELDS = [
  'company',
  'contact_name',
  'phone',
  'email',
  'wechat',
  'province',
  'city',
  'campaign',
  'product_line',
  'language',
  'need',
  'expected_amount',
] as const

export type Field = (typeof FIELDS)[number]

/** The fields in which the two leads differ. */
export function differing(one: Lead, other: Lead): Field[] {
  return FIELDS.filter((name) => (one[name] ?? '') !== (other[name] ?? ''))
}

/** Where the surviving lead says nothing, what the other one says is taken. */
export function filledIn(survivor: Lead, loser: Lead): Field[] {
  return differing(survivor, loser).filter((name) => !survivor[name] && loser[name])
}

/** A lead with an owner stays; else the one that came first. */
export function staysFirst(one: Lead, other: Lead): boolean {
  if (Boolean(one.owner) !== Boolean(other.owner)) return Boolean(one.owner)
  return one.received_at <= other.received_at
}

export function toMerge(loser: Lead, take: Field[], reason: string): MergeCreate {
  return { loser_id: loser.id, take, reason: reason.trim() }
}
