import type { TFunction } from 'i18next'
import type { Change } from '@/api/types'
import { formatFull } from '@/lib/time'
import { word } from '@/lib/words'

export interface ChangedField {
  name: string
  was: string | null
  becomes: string | null
}

/** Bookkeeping of the database, and what always is the record whose history it is. */
const QUIET = new Set(['id', 'version', 'created_at', 'name_key', 'sort_key', 'person_id', 'form_id', 'channel_id'])
/** Fields whose values are codes, and the group of words that names them. */
const NAMED: Record<string, string> = { permission: 'roles.permissions', reaches: 'scope' }
const LONGEST = 160
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

function said(t: TFunction, name: string, value: unknown, names: Change['names']): string {
  const group = NAMED[name]
  if (typeof value === 'boolean') return t(value ? 'change.yes' : 'change.no')
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.map((one) => said(t, name, one, names)).join(t('common.listSeparator'))
  if (name === 'kind' && typeof value === 'string') return word(t, `people.leaveKinds.${value}`, value)
  if (typeof value === 'string' && MOMENT.test(value)) return formatFull(value)
  if (name === 'source') return word(t, `calendar.sources.${value}`, word(t, `lead.sources.${value}`, String(value)))
  if (group && typeof value === 'string') return word(t, `${group}.${value}`, value)
  return typeof value === 'object' ? JSON.stringify(value) : (names[String(value)] ?? String(value))
}

function shown(t: TFunction, name: string, value: unknown, names: Change['names']): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = said(t, name, value, names)
  if (text === '') return null
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/**
 * What an entry of the history says, field by field, without the record whose history it is; first what tells which row it was, the same
 * before and after.
 */
export function changedFields(
  t: TFunction,
  { before, after, names = {} }: Pick<Change, 'before' | 'after'> & Partial<Pick<Change, 'names'>>,
  record?: string,
): ChangedField[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return fields
    .filter((name) => !QUIET.has(name) && (record === undefined || (after ?? before)?.[name] !== record))
    .map((name) => ({
      name,
      was: shown(t, name, before?.[name], names),
      becomes: shown(t, name, after?.[name], names),
    }))
    .filter(({ was, becomes }) => was !== null || becomes !== null)
    .sort((one, other) => Number(one.was !== one.becomes) - Number(other.was !== other.becomes))
}
