import type { TFunction } from 'i18next'
import type { Change } from '@/api/types'
import { word } from '@/lib/words'

export interface ChangedField {
  name: string
  was: string | null
  becomes: string | null
}

/** Bookkeeping of the database, and the record whose history it is. */
const QUIET = new Set(['id', 'version', 'created_at', 'name_key', 'sort_key', 'role_code', 'form_id', 'channel_id'])
/** Fields whose values are codes, and the group of words that names them. */
const NAMED: Record<string, string> = { permission: 'roles.permissions', reaches: 'scope', source: 'lead.sources' }
const LONGEST = 160

function said(t: TFunction, name: string, value: unknown): string {
  const group = NAMED[name]
  if (typeof value === 'boolean') return t(value ? 'change.yes' : 'change.no')
  if (group && Array.isArray(value)) return value.map((one) => said(t, name, one)).join(t('common.listSeparator'))
  if (group && typeof value === 'string') return word(t, `${group}.${value}`, value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function shown(t: TFunction, name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = said(t, name, value)
  if (text === '') return null
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** What an entry of the history says, field by field; first what tells which row it was, the same before and after. */
export function changedFields(t: TFunction, { before, after }: Pick<Change, 'before' | 'after'>): ChangedField[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .filter((name) => !QUIET.has(name))
    .map((name) => ({ name, was: shown(t, name, before?.[name]), becomes: shown(t, name, after?.[name]) }))
    .filter(({ was, becomes }) => was !== null || becomes !== null)
    .sort((one, other) => Number(one.was !== one.becomes) - Number(other.was !== other.becomes))
}
