import { DownloadOutlined, EditOutlined, StopOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentQuery, linkQuery } from '@/api/documents'
import type { DocumentVersion, FiledDocument } from '@/api/types'
import { Moment } from '@/components/Moment'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { sizeWords } from '@/lib/files'
import { sayProblem } from '@/lib/formProblem'
import { CorrectForm } from './CorrectForm'
import styles from './Documents.module.css'
import { kindName } from './documentWords'
import { UploadSheet } from './UploadSheet'
import { Viewer } from './Viewer'
import { WithdrawForm } from './WithdrawForm'

interface Props extends Opening {
  id: string
  mayFile: boolean
}

/** A document: its newest version to look at, all versions to take, and what can be done with it. */
export function DocumentSheet({ id, mayFile, open, onClose }: Props) {
  const { t } = useTranslation()
  const found = useQuery({ ...documentQuery(id), enabled: open })
  return (
    <Sheet open={open} onClose={onClose} width={640} title={found.data?.title ?? t('document.title')}>
      {found.isPending && <CardSkeletons count={2} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Shown document={found.data} mayFile={mayFile && found.data.withdrawn === null} />}
    </Sheet>
  )
}

function Shown({ document, mayFile }: { document: FiledDocument; mayFile: boolean }) {
  const { t, i18n } = useTranslation()
  const [isUploading, setIsUploading] = useState(false)
  const [doing, setDoing] = useState<'correct' | 'withdraw' | null>(null)
  const [newest] = document.versions
  const done = (): void => setDoing(null)
  return (
    <>
      {document.withdrawn && (
        <p className={styles.wrong}>
          {t('document.withdrawnFor', { reason: document.withdrawn.reason })} · {document.withdrawn.by?.name} ·{' '}
          <Moment at={document.withdrawn.at} />
        </p>
      )}
      {newest && <Viewer version={newest} />}
      {isUploading && <UploadSheet target={document} open onClose={() => setIsUploading(false)} />}
      {doing === 'correct' && <CorrectForm document={document} onDone={done} />}
      {doing === 'withdraw' && <WithdrawForm document={document} onDone={done} />}
      {doing === null && (
        <>
          <div className={styles.buttons}>
            {newest && <Download version={newest} isMain />}
            {mayFile && (
              <>
                <Button icon={<UploadOutlined aria-hidden />} onClick={() => setIsUploading(true)}>
                  {t('document.newVersion')}
                </Button>
                <Button icon={<EditOutlined aria-hidden />} onClick={() => setDoing('correct')}>
                  {t('document.correct')}
                </Button>
                <Button icon={<StopOutlined aria-hidden />} danger onClick={() => setDoing('withdraw')}>
                  {t('document.withdraw')}
                </Button>
              </>
            )}
          </div>
          <p className={styles.soft}>{kindName(document.kind, asLanguage(i18n.language))}</p>
          <ol className={styles.rows} aria-label={t('document.versions')}>
            {document.versions.map((version) => (
              <li key={version.id} className={styles.row}>
                <div className={styles.top}>
                  <span className={styles.words}>
                    {t('document.versionNumber', { number: version.number })} · {version.name}
                    <small className={styles.meta}>
                      {sizeWords(version.size)} · {version.uploaded_by?.name} · <Moment at={version.uploaded_at} />
                    </small>
                    {version.note && <small className={styles.meta}>{version.note}</small>}
                  </span>
                  <Download version={version} />
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  )
}

/** The browser fetches the file itself, by a link that works some minutes. */
function Download({ version, isMain = false }: { version: DocumentVersion; isMain?: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const start = async (): Promise<void> => {
    try {
      const { url } = await client.fetchQuery(linkQuery(version.id, 'attachment'))
      const link = window.document.createElement('a')
      link.href = url
      link.download = version.name
      link.click()
    } catch (error) {
      sayProblem(message, t, error)
    }
  }
  return (
    <Button
      icon={<DownloadOutlined aria-hidden />}
      size={isMain ? 'middle' : 'small'}
      type={isMain ? 'primary' : 'text'}
      aria-label={isMain ? undefined : t('document.downloadNamed', { name: version.name })}
      onClick={() => void start()}
    >
      {isMain ? t('document.download') : null}
    </Button>
  )
}
