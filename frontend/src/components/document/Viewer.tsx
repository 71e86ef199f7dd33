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
  return (
    <div className={styles.view}>
      <Suspense fallback={<CardSkeletons count={1} />}>
        <Shown version={version} url={link.data.url} />
      </Suspense>
    </div>
  )
}

function Shown({ version, url }: { version: DocumentVersion; url: string }) {
  if (version.family === 'pdf') return <PdfPages key={url} url={url} title={version.name} />
  if (version.family === 'picture') return <img src={url} alt={version.name} />
  // biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said
  if (version.family === 'audio') return <audio src={url} controls aria-label={version.name} />
  // biome-ignore lint/a11y/useMediaCaption: the same
  return <video src={url} controls aria-label={version.name} />
}
