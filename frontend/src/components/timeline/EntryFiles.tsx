import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { documentQuery } from '@/api/documents'
import type { FiledDocument, TimelineEntry } from '@/api/types'
import { FAMILY_ICONS, Face } from '@/components/document/DocumentItem'
import { useDocumentSheets } from '@/components/document/DocumentSheets'
import { type EntryFile, entryFiles } from '@/components/document/documentWords'
import { serverNow } from '@/lib/serverClock'
import styles from './Timeline.module.css'

const MADE_WITHIN_MS = 60_000
const LOOK_AGAIN_MS = 3_000

/** The files that came with an entry; each opens. */
export function EntryFiles({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const files = entryFiles(entry)
  if (files.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('followUp.files')}>
      {files.map((file) => (
        <OneFile key={file.document_id} file={file} />
      ))}
    </ul>
  )
}

function OneFile({ file: { document_id: id, title, family } }: { file: EntryFile }) {
  const sheets = useDocumentSheets()
  return (
    <li>
      <button type="button" className={styles.file} onClick={() => sheets.open({ kind: 'open', id, mayFile: false })}>
        <span className={styles.face} aria-hidden>
          {family === 'picture' ? <Picture id={id} /> : FAMILY_ICONS[family]}
        </span>
        {title}
      </button>
    </li>
  )
}

/** Its small picture is made a moment after the file came. */
const isAwaited = (document: FiledDocument | undefined): boolean => {
  const newest = document?.versions[0]
  if (!newest || newest.has_thumbnail) return false
  return serverNow() - Date.parse(newest.uploaded_at) < MADE_WITHIN_MS
}

function Picture({ id }: { id: string }) {
  const { data } = useQuery({
    ...documentQuery(id),
    refetchInterval: ({ state }) => (isAwaited(state.data) ? LOOK_AGAIN_MS : false),
  })
  const newest = data?.versions[0]
  return newest ? <Face version={newest} /> : FAMILY_ICONS.picture
}
