import type { Change } from '@/api/types'

export interface ChangedField {
  name: string
  was: string | null
  becomes: string | null
}

const QUIET = new Set(['id', 'version', 'created_at', 'name_key', 'sort_key'])
const LONGEST = 160

function shown(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** What an entry of the history says, field by field; the bookkeeping of the database is left out. */
export function changedFields({ before, after }: Pick<Change, 'before' | 'after'>): ChangedField[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .filter((name) => !QUIET.has(name))
    .map((name) => ({ name, was: shown(before?.[name]), becomes: shown(after?.[name]) }))
    .filter(({ was, becomes }) => was !== null || becomes !== null)
}
