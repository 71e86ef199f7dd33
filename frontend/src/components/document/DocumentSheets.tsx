import { lazy } from 'react'
import type { Subject } from '@/api/documents'
import { type Opening, sheetHost } from '@/components/sheetHost'

const UploadSheet = lazy(() => import('./UploadSheet').then((module) => ({ default: module.UploadSheet })))
const DocumentSheet = lazy(() => import('./DocumentSheet').then((module) => ({ default: module.DocumentSheet })))

type Opened =
  | { kind: 'upload'; subject: Subject; files?: File[]; asked?: string }
  | { kind: 'open'; id: string; mayFile: boolean }

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  switch (what.kind) {
    case 'upload':
      return <UploadSheet target={what.subject} files={what.files} asked={what.asked} {...opening} />
    case 'open':
      return <DocumentSheet id={what.id} mayFile={what.mayFile} {...opening} />
  }
}

export const { Host: DocumentSheetsHost, useSheets: useDocumentSheets } = sheetHost<Opened>(OpenSheet)
