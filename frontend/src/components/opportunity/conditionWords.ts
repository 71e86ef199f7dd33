import type { TFunction } from 'i18next'
import type { Condition } from '@/api/types'
import { money } from '@/lib/money'
import { word } from '@/lib/words'

/** What a condition asks for, as a thing to do. */
export function conditionWords(
  t: TFunction,
  condition: Condition,
  currency: string,
  documentName: (key: string) => string,
): string {
  switch (condition.kind) {
    case 'field_present':
      return t('condition.field_present', { field: word(t, `opportunity.fields.${condition.field}`, condition.field) })
    case 'amount_at_least':
      return t('condition.amount_at_least', { amount: money(`${condition.amount}`, currency) })
    case 'document_attached':
      return t('condition.document_attached', { document: documentName(condition.document) })
    case 'activity_logged': {
      const said = { count: condition.times ?? 1, activity: t(`followUp.kinds.${condition.activity}`) }
      return condition.counted === 'in_stage'
        ? t('condition.activity_in_stage', said)
        : t('condition.activity_logged', said)
    }
    case 'effective_visit': {
      const said = { count: condition.times ?? 1 }
      return condition.counted === 'in_stage'
        ? t('condition.effective_visit_in_stage', said)
        : t('condition.effective_visit', said)
    }
    case 'contact_known':
      return t('condition.contact_known', { role: t(`contact.roles.${condition.role}`) })
    case 'review_approved':
      return t('condition.review_approved')
    case 'any_of':
      return t('condition.any_of', {
        list: condition.conditions.map((one) => conditionWords(t, one, currency, documentName)).join(t('condition.or')),
      })
  }
}

/** The kind of document that it asks for, also as one of several ways. */
export function documentOf(condition: Condition): string | null {
  if (condition.kind === 'any_of') return condition.conditions.map(documentOf).find((one) => one !== null) ?? null
  return condition.kind === 'document_attached' ? condition.document : null
}

export type Remedy = 'field' | 'activity' | 'contact' | 'document'

/** Where a condition is met. */
export function remedyOf(condition: Condition): Remedy | null {
  switch (condition.kind) {
    case 'field_present':
    case 'amount_at_least':
      return 'field'
    case 'activity_logged':
    case 'effective_visit':
      return 'activity'
    case 'contact_known':
      return 'contact'
    case 'document_attached':
      return 'document'
    case 'any_of':
      return condition.conditions.map(remedyOf).find((one) => one !== null) ?? null
    default:
      return null
  }
}
