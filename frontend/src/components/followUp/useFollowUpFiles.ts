import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { documentKindsQuery } from '@/api/documents'
import { ApiProblem } from '@/api/problem'
import type { TimelineEntry } from '@/api/types'
import { entryFiles } from '@/components/document/documentWords'
import { rowOf, useSending } from '@/components/document/useSending'
import { guessKind, tooLarge } from '@/lib/files'

export const MOST_FILES = 10
const REFUSED = /^#?\/(?:body\/)?files\/(\d+)\//

/** The files of an entry that is being written: those that its correction keeps, and new ones. */
export function useFollowUpFiles(corrects: TimelineEntry | undefined) {
  const client = useQueryClient()
  const { rows, setRows, patch, send, isSending } = useSending([])
  const [without, setWithout] = useState<string[]>([])
  const kept = (corrects ? entryFiles(corrects) : []).filter(({ document_id }) => !without.includes(document_id))
  const kinds = useQuery({ ...documentKindsQuery, enabled: rows.length > 0 }).data?.items ?? []
  const limitOf = (key: string): number | undefined => kinds.find((kind) => kind.key === key)?.max_megabytes
  const isTooMany = kept.length + rows.length > MOST_FILES
  const add = async (chosen: File[]): Promise<void> => {
    const { items } = await client.ensureQueryData(documentKindsQuery)
    const known = items.filter(({ is_active }) => is_active).map(({ key }) => key)
    setRows((before) => [...before, ...chosen.map((file) => rowOf(file, guessKind(file, known)))])
  }
  /** Those that the server did not take go up once more when the entry is saved again. Whether there were any. */
  const refused = (error: unknown): boolean => {
    if (!(error instanceof ApiProblem)) return false
    const places = error.errors.flatMap(({ pointer }) => REFUSED.exec(pointer)?.[1] ?? [])
    for (const place of places) {
      const row = rows[Number(place)]
      if (row) patch(row.key, { state: 'waiting', upload_id: null })
    }
    return places.length > 0
  }
  return {
    rows,
    kept,
    without,
    kinds: kinds.filter(({ is_active }) => is_active),
    limitOf,
    isSending,
    isTooMany,
    isHeld: isTooMany || rows.some(({ file, kind, state }) => state !== 'done' && tooLarge(file.size, limitOf(kind))),
    add,
    patch,
    leaveOut: (gone: string) => setRows((before) => before.filter(({ key }) => key !== gone)),
    takeOff: (id: string) => setWithout((before) => [...before, id]),
    send,
    refused,
  }
}

export type FollowUpFileList = ReturnType<typeof useFollowUpFiles>
