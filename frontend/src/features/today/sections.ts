import type { TodayItem, TodayKind } from '@/api/types'

/** In the order in which they are worked off. */
export const KINDS: readonly TodayKind[] = [
  'escalation',
  'to_assign',
  'overdue',
  'due_soon',
  'new_lead',
  'approval',
  'support',
  'stalled',
  'delivery',
  'to_follow',
  'no_backup',
]

/** The record that an item is about. */
export const itemId = ({ lead, customer, opportunity, contract, change_request, support_request }: TodayItem): string =>
  (lead ?? customer ?? opportunity ?? contract ?? change_request ?? support_request)?.id ?? ''

export interface Section {
  kind: TodayKind | 'arrived'
  items: TodayItem[]
}

/** Leads that have just arrived come first, whatever else is due; then one section a kind. */
export function sectionsOf(items: TodayItem[], arrivedIds: readonly string[], only: TodayKind | null): Section[] {
  const shown = only ? items.filter((item) => item.kind === only) : items
  const isArrival = (item: TodayItem): boolean => item.kind === 'new_lead' && arrivedIds.includes(itemId(item))
  const arrived = shown
    .filter(isArrival)
    .sort((one, two) => arrivedIds.indexOf(itemId(one)) - arrivedIds.indexOf(itemId(two)))
  const sections: Section[] = KINDS.map((kind) => ({
    kind,
    items: shown.filter((item) => item.kind === kind && !isArrival(item)),
  }))
  return [{ kind: 'arrived' as const, items: arrived }, ...sections].filter((section) => section.items.length > 0)
}

export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening'

export function dayPart(hour: number): DayPart {
  if (hour >= 5 && hour < 11) return 'morning'
  if (hour >= 11 && hour < 13) return 'noon'
  if (hour >= 13 && hour < 18) return 'afternoon'
  return 'evening'
}
