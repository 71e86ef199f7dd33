import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { linkQuery } from '@/api/documents'
import type { DocumentVersion } from '@/api/types'
import { CardSkeletons, ErrorState } from '@/components/states'
import styles from './Documents.module.css'

const PdfPages = lazy(() => import('./PdfPages').then((module) => ({ default: module.PdfPages })))

/** A file inside the page, where a browser can show or play it. */
export function Viewer({ version }: { version: DocumentVersion }) {
  const { t } = useTranslation()
  const link = useQuery({ ...linkQuery(version.id, 'inline'), enabled: version.may_be_shown })
  if (!version.may_be_shown) return <p className={styles.soft}>{t('document.onlyDownload')}</p>
  if (link.isError) return <ErrorState error={link.error} onRetry={() => void link.refetch()} />
  if (!link.data) return <CardSkeletons count={1} />
  return <FileView file={version} url={link.data.url} />
}

interface FileProps {
  file: Pick<DocumentVersion, 'family' | 'name'>
  url: string
  /** Where they are here already. */
  bytes?: Blob
}

/** What a browser can show or play, inside the page. */
export function FileView(props: FileProps) {
  return (
    <div className={styles.view}>
      <Suspense fallback={<CardSkeletons count={1} />}>
        <Shown {...props} />
      </Suspense>
    </div>
  )
}

function Shown({ file: { family, name }, url, bytes }: FileProps) {
  if (family === 'pdf') return <PdfPages key={url} source={bytes ?? url} title={name} />
  if (family === 'picture') return <img src={url} alt={name} />
  // biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said
  if (family === 'audio') return <audio src={url} controls aria-label={name} />
  // biome-ignore lint/a11y/useMediaCaption: the same
  return <video src={url} controls aria-label={name} />
}
