import type { TFunction } from 'i18next'
import type { LeadCard, TodayItem } from '@/api/types'
import { word } from '@/lib/words'

/** Why something is on the list, as a sentence. */
export function whyWords(t: TFunction, { kind, why, lead }: Pick<TodayItem, 'kind' | 'why' | 'lead'>): string {
  const params = { owner: lead?.owner?.name ?? '', ...why.params }
  if (why.code === 'next_step_due' && !why.params.next_step) return t(`today.hint.${kind}`)
  if (why.code === 'waits_for_owner' && why.params.hours === 0) return t('today.waitsSinceNow')
  return word(t, `today.why.${why.code}`, t(`today.hint.${kind}`), params)
}

/** What happened last that brought the lead here, and when. */
export function whenOf(
  { why }: Pick<TodayItem, 'why'>,
  { assigned_at, received_at }: Pick<LeadCard, 'assigned_at' | 'received_at'>,
): { what: 'escalated' | 'assigned' | 'received'; at: string } {
  const { escalated_at } = why.params
  if (typeof escalated_at === 'string') return { what: 'escalated', at: escalated_at }
  return assigned_at ? { what: 'assigned', at: assigned_at } : { what: 'received', at: received_at }
}
