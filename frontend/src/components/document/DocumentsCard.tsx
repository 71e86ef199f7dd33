import { UploadOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentsQuery, type Subject } from '@/api/documents'
import { Card } from '@/components/Card'
import { CardSkeletons, ErrorState } from '@/components/states'
import { DocumentItem } from './DocumentItem'
import { useDocumentSheets } from './DocumentSheets'
import styles from './Documents.module.css'
import { filesOf } from './FilePicker'

interface Props extends Subject {
  /** Whether this person may file with the record. */
  mayFile: boolean
}

/** The files of a record, and of what belongs to it; what was withdrawn is a tap away. */
export function DocumentsCard({ type, id, mayFile }: Props) {
  const { t } = useTranslation()
  const sheets = useDocumentSheets()
  const found = useInfiniteQuery(documentsQuery({ type, id }))
  const [showsGone, setShowsGone] = useState(false)
  const [isOver, setIsOver] = useState(false)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const gone = items.filter(({ withdrawn }) => withdrawn !== null)
  const shown = showsGone ? items : items.filter(({ withdrawn }) => withdrawn === null)
  if (found.data && items.length === 0 && !mayFile) return null
  const upload = (files?: File[]): void =>
    sheets.open({ kind: 'upload', subject: { type, id }, ...(files ? { files } : {}) })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same
    <div
      className={isOver ? styles.isOver : undefined}
      onDragOver={(event) => {
        if (!mayFile || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        setIsOver(false)
        const files = filesOf(event.dataTransfer.files)
        if (!mayFile || files.length === 0) return
        event.preventDefault()
        upload(files)
      }}
    >
      <Card title={t('document.title')}>
        {found.isPending && <CardSkeletons count={1} />}
        {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && shown.length === 0 && <p className={styles.soft}>{t('document.empty')}</p>}
        <ul className={styles.list}>
          {shown.map((document) => (
            <DocumentItem
              key={document.id}
              document={document}
              onOpen={() => sheets.open({ kind: 'open', id: document.id, mayFile: mayFile && document.of === null })}
            />
          ))}
        </ul>
        <div className={styles.buttons}>
          {found.hasNextPage && (
            <Button type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('common.loadMore')}
            </Button>
          )}
          {mayFile && (
            <Button icon={<UploadOutlined aria-hidden />} onClick={() => upload()}>
              {t('document.upload')}
            </Button>
          )}
          {gone.length > 0 && (
            <Button type="text" aria-pressed={showsGone} onClick={() => setShowsGone(!showsGone)}>
              {showsGone ? t('document.hideGone') : t('document.showGone', { count: gone.length })}
            </Button>
          )}
        </div>
      </Card>
    </div>
  )
}
