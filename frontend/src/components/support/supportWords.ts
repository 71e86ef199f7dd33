import type { TFunction } from 'i18next'
import type { components } from '@/api/schema'
import type { SupportCard } from '@/api/types'

/** How much waits for an engineer, and who stands in. */
export function engineerWords(t: TFunction, one: components['schemas']['EngineerOut']): string {
  const load = t('support.open', { count: one.open_requests })
  if (one.is_present) return load
  return one.deputy ? t('support.awayDeputy', { name: one.deputy.name }) : `${t('support.away')} · ${load}`
}

/** What a request is for. */
export const recordName = (request: Pick<SupportCard, 'opportunity' | 'customer' | 'number'>): string =>
  request.opportunity?.name ?? request.customer?.name ?? request.number
