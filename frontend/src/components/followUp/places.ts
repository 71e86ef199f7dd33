import type { TFunction } from 'i18next'

/** Where people usually meet: the customer's own address first. */
export function placesOf(t: TFunction, address?: string | null): string[] {
  return [address || t('followUp.places.customer'), t('followUp.places.us'), t('followUp.places.fair')]
}
