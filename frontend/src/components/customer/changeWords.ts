import type { TFunction } from 'i18next'
import type { ChangeRequest, FieldChange } from '@/api/types'
import { word } from '@/lib/words'

type SubjectType = ChangeRequest['subject_type'] | 'lead' | 'opportunity'
type Stored = Pick<FieldChange, 'old' | 'new'> & Partial<Pick<FieldChange, 'old_name' | 'new_name'>>

export const fieldLabel = (t: TFunction, subject: SubjectType, field: string): string =>
  subject === 'lead' ? word(t, `imports.fields.${field}`, field) : word(t, `${subject}.fields.${field}`, field)

/** A file may bring somebody by a phone alone. */
export const contactName = <Name extends string | null>(t: TFunction, name: Name): Name | string =>
  name === '' ? t('contact.unnamed') : name

/** One side of a change as people read it: names instead of ids, words instead of codes. */
export function valueWords(t: TFunction, field: string, value: unknown, name?: string | null): string {
  if (name) return name
  if (typeof value === 'boolean') return value ? t('change.yes') : t('change.no')
  if (Array.isArray(value)) return value.join(t('common.listSeparator')) || t('change.nothing')
  if (value === null || value === undefined || value === '') return t('change.nothing')
  if (field === 'role') return word(t, `contact.roles.${String(value)}`, String(value))
  if (field === 'source') return word(t, `lead.sources.${String(value)}`, String(value))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export interface ChangeWords {
  field: string
  label: string
  old: string
  new: string
  /** Nothing stood there before. */
  isFirst: boolean
}

export function changeWords(t: TFunction, subject: SubjectType, field: string, change: Stored): ChangeWords {
  return {
    field,
    label: fieldLabel(t, subject, field),
    old: valueWords(t, field, change.old, change.old_name),
    new: valueWords(t, field, change.new, change.new_name),
    isFirst: !change.old_name && valueWords(t, field, change.old) === t('change.nothing'),
  }
}

const SUBJECTS = ['lead', 'opportunity'] as const
const isStored = (value: unknown): value is Stored => typeof value === 'object' && value !== null && 'new' in value

/** The changes that an entry of a timeline tells of. */
export function entryChanges(t: TFunction, kind: string, body: Record<string, unknown>): ChangeWords[] {
  if (typeof body.changes !== 'object' || body.changes === null) return []
  const subject = SUBJECTS.find((one) => kind.startsWith(`${one}.`)) ?? (body.contact ? 'contact' : 'customer')
  return Object.entries(body.changes).flatMap(([field, change]) =>
    isStored(change) ? [changeWords(t, subject, field, change)] : [],
  )
}

/** Who has the word now, or had it. */
export function standsWith(t: TFunction, request: ChangeRequest): string {
  if (request.state === 'pending')
    return request.approver ? t('change.waitsFor', { name: request.approver.name }) : t('change.waitsForAdmin')
  return request.decided_by ? t('change.decidedBy', { name: request.decided_by.name }) : ''
}
