import { lazy } from 'react'
import type { Subject } from '@/api/documents'
import { type Opening, sheetHost } from '@/components/sheetHost'

const ThreadSheet = lazy(() => import('./ThreadSheet').then((module) => ({ default: module.ThreadSheet })))
const ComposeSheet = lazy(() => import('./ComposeSheet').then((module) => ({ default: module.ComposeSheet })))

type Opened = { kind: 'read'; threadId: string } | { kind: 'write'; subject: Subject }

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  if (what.kind === 'write') return <ComposeSheet subject={what.subject} {...opening} />
  return <ThreadSheet threadId={what.threadId} {...opening} />
}

export const { Host: EmailSheetsHost, useSheets: useEmailSheets } = sheetHost<Opened>(OpenSheet)
