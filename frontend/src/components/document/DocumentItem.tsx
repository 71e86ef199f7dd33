import {
  FileImageOutlined,
  FileOutlined,
  FilePdfOutlined,
  FileTextOutlined,
  FileWordOutlined,
  FileZipOutlined,
  HighlightOutlined,
  PlayCircleOutlined,
  SoundOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { thumbnailQuery } from '@/api/documents'
import type { DocumentVersion, FiledDocument } from '@/api/types'
import { Moment } from '@/components/Moment'
import { asLanguage } from '@/i18n/i18n'
import { sizeWords } from '@/lib/files'
import styles from './Documents.module.css'
import { kindName } from './documentWords'

export const FAMILY_ICONS: Record<DocumentVersion['family'], ReactNode> = {
  picture: <FileImageOutlined />,
  pdf: <FilePdfOutlined />,
  audio: <SoundOutlined />,
  video: <PlayCircleOutlined />,
  office: <FileWordOutlined />,
  text: <FileTextOutlined />,
  drawing: <HighlightOutlined />,
  archive: <FileZipOutlined />,
  other: <FileOutlined />,
}

/** One document in a list; opens it. */
export function DocumentItem({ document, onOpen }: { document: FiledDocument; onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  const [newest] = document.versions
  const isGone = document.withdrawn !== null
  return (
    <li>
      <button type="button" className={styles.item} onClick={onOpen}>
        <span className={styles.face} aria-hidden>
          {newest && <Face version={newest} />}
        </span>
        <span className={styles.words}>
          <span className={isGone ? styles.isGone : undefined}>{document.title}</span>
          <small className={styles.meta}>
            {[
              kindName(document.kind, asLanguage(i18n.language)),
              newest && newest.number > 1 && t('document.versionNumber', { number: newest.number }),
              newest && sizeWords(newest.size),
              newest?.uploaded_by?.name,
            ]
              .filter(Boolean)
              .join(' · ')}
            {newest && (
              <>
                {' · '}
                <Moment at={newest.uploaded_at} />
              </>
            )}
          </small>
          {document.of && <small className={styles.meta}>{t('document.of', { name: document.of })}</small>}
          {document.withdrawn && (
            <small className={styles.meta}>{t('document.withdrawnFor', { reason: document.withdrawn.reason })}</small>
          )}
        </span>
      </button>
    </li>
  )
}

/** The small picture of a file, or the sign of its sort. */
export function Face({ version }: { version: DocumentVersion }) {
  const picture = useQuery({ ...thumbnailQuery(version.id), enabled: version.has_thumbnail })
  return picture.data ? <img src={picture.data} alt="" /> : FAMILY_ICONS[version.family]
}
