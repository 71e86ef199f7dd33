import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { addDocumentVersion, attachDocument, documentsChanged, type Subject, uploadFile } from '@/api/documents'
import type { FiledDocument, FileUpload } from '@/api/types'
import { noteUse } from '@/lib/usage'

export type Target = Subject | FiledDocument

export interface Row {
  key: string
  file: File
  kind: string
  state: 'waiting' | 'sending' | 'done' | 'failed'
  share: number
  error: unknown
  isMismatched: boolean
  /** What came of it, once it has gone. */
  upload_id: string | null
}

/** What becomes of a file that has gone up. */
type Filing = (row: Row, upload: FileUpload) => Promise<unknown>

export const isDocument = (target: Target): target is FiledDocument => 'versions' in target

let serial = 0

export const rowOf = (file: File, kind: string): Row => {
  serial += 1
  return { key: `${serial}`, file, kind, state: 'waiting', share: 0, error: null, isMismatched: false, upload_id: null }
}

/** Files it at once: as a document of a record, or as the new version of one. */
export const filedWith =
  (target: Target): Filing =>
  ({ kind }, { id }) =>
    isDocument(target)
      ? addDocumentVersion(target.id, { upload_id: id }, id)
      : attachDocument(target, { upload_id: id, kind }, id)

/** Sends the files one after the other; what failed can be sent again, what is done stays done. Without `file` they wait for who names them. */
export function useSending(first: Row[], file?: Filing) {
  const client = useQueryClient()
  const [rows, setRows] = useState(first)
  const [isSending, setIsSending] = useState(false)
  const stopped = useRef<AbortController | null>(null)
  useEffect(() => () => stopped.current?.abort(), [])
  const patch = (key: string, change: Partial<Row>): void =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...change } : row)))

  async function sendOne(row: Row, signal: AbortSignal): Promise<Row | null> {
    patch(row.key, { state: 'sending', share: 0, error: null })
    try {
      const onProgress = (share: number): void => patch(row.key, { share })
      const upload = await uploadFile({ file: row.file, kind: row.kind, onProgress, signal })
      await file?.(row, upload)
      const done = { state: 'done', share: 1, isMismatched: upload.is_mismatched, upload_id: upload.id } as const
      patch(row.key, done)
      return { ...row, ...done }
    } catch (error) {
      if (!signal.aborted) patch(row.key, { state: 'failed', error })
      return null
    }
  }

  /** All of them once they have gone; null where one has not. */
  async function send(): Promise<Row[] | null> {
    if (rows.length === 0) return []
    const controller = new AbortController()
    stopped.current = controller
    setIsSending(true)
    const gone: Row[] = []
    for (const row of rows) {
      const sent = row.state === 'done' ? row : await sendOne(row, controller.signal)
      if (sent) gone.push(sent)
    }
    noteUse('document.upload')
    if (file) await documentsChanged(client)
    if (!controller.signal.aborted) setIsSending(false)
    return gone.length === rows.length ? gone : null
  }

  return { rows, setRows, patch, send, isSending }
}
