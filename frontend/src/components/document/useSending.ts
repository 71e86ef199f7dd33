import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { addDocumentVersion, attachDocument, documentsChanged, type Subject, uploadFile } from '@/api/documents'
import type { FiledDocument } from '@/api/types'
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
}

export const isDocument = (target: Target): target is FiledDocument => 'versions' in target

let serial = 0

export const rowOf = (file: File, kind: string): Row => {
  serial += 1
  return { key: `${serial}`, file, kind, state: 'waiting', share: 0, error: null, isMismatched: false }
}

/** Sends the files one after the other; what failed can be sent again, what is done stays done. */
export function useSending(target: Target, first: Row[]) {
  const client = useQueryClient()
  const [rows, setRows] = useState(first)
  const [isSending, setIsSending] = useState(false)
  const stopped = useRef<AbortController | null>(null)
  useEffect(() => () => stopped.current?.abort(), [])
  const patch = (key: string, change: Partial<Row>): void =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...change } : row)))

  async function sendOne(row: Row, signal: AbortSignal): Promise<boolean> {
    patch(row.key, { state: 'sending', share: 0, error: null })
    try {
      const onProgress = (share: number): void => patch(row.key, { share })
      const upload = await uploadFile({ file: row.file, kind: row.kind, onProgress, signal })
      if (isDocument(target)) await addDocumentVersion(target.id, { upload_id: upload.id }, upload.id)
      else await attachDocument(target, { upload_id: upload.id, kind: row.kind }, upload.id)
      patch(row.key, { state: 'done', share: 1, isMismatched: upload.is_mismatched })
      return true
    } catch (error) {
      if (!signal.aborted) patch(row.key, { state: 'failed', error })
      return false
    }
  }

  /** Whether all have gone. */
  async function send(): Promise<boolean> {
    const controller = new AbortController()
    stopped.current = controller
    setIsSending(true)
    let whole = true
    for (const row of rows.filter(({ state }) => state !== 'done'))
      whole = (await sendOne(row, controller.signal)) && whole
    noteUse('document.upload')
    await documentsChanged(client)
    if (!controller.signal.aborted) setIsSending(false)
    return whole
  }

  return { rows, setRows, patch, send, isSending }
}
