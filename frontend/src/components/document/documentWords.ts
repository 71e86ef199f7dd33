import type { DocumentKind, DocumentVersion, TimelineEntry } from '@/api/types'
import type { Language } from '@/lib/time'

type Named = Pick<DocumentKind, 'name_zh' | 'name_en'>

export const kindName = (kind: Named, language: Language): string => (language === 'en' ? kind.name_en : kind.name_zh)

interface EntryDocument {
  id: string
  title: string
  number: number | undefined
}

const part = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** A file that came with an entry. */
export interface EntryFile {
  document_id: string
  title: string
  family: DocumentVersion['family']
}

export const entryFiles = ({ body }: Pick<TimelineEntry, 'body'>): EntryFile[] =>
  Array.isArray(body.files) ? (body.files as EntryFile[]) : []

/** The document and version that an entry of a timeline names. */
export function documentOf({ kind, body }: Pick<TimelineEntry, 'kind' | 'body'>): EntryDocument | null {
  if (!kind.startsWith('document.')) return null
  const { id, title } = part(body.document)
  const { number } = part(body.version)
  if (typeof id !== 'string' || typeof title !== 'string') return null
  return { id, title, number: typeof number === 'number' ? number : undefined }
}

/** How a correction called the document before. */
export function formerTitle({ kind, body }: Pick<TimelineEntry, 'kind' | 'body'>): string | null {
  if (kind !== 'document.changed') return null
  const { old } = part(part(body.changes).title)
  return typeof old === 'string' ? old : null
}
