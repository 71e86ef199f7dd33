import { PaperClipOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { saveEmailFile } from '@/api/emails'
import type { EmailFile } from '@/api/types'
import { useDocumentSheets } from '@/components/document/DocumentSheets'
import { sizeWords } from '@/lib/files'
import { sayProblem } from '@/lib/formProblem'
import styles from './Email.module.css'

const EmailFileSheet = lazy(() => import('./EmailFileSheet').then((module) => ({ default: module.EmailFileSheet })))

/** The files of a letter: those that are documents or that a browser can show open inside the page, the others are saved. */
export function LetterFiles({ files }: { files: EmailFile[] }) {
  const { t } = useTranslation()
  const shown = files.filter(({ is_inline, document_id }) => !is_inline || document_id !== null)
  if (shown.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('mail.files')}>
      {shown.map((file) => (
        <li key={file.id}>
          <FileButton file={file} />
        </li>
      ))}
    </ul>
  )
}

function FileButton({ file }: { file: EmailFile }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const documents = useDocumentSheets()
  const [isLoading, setIsLoading] = useState(false)
  const [looking, setLooking] = useState<'not_yet' | 'now' | 'no_more'>('not_yet')
  const { document_id: document, name, size } = file
  if (file.refused !== null)
    return (
      <span className={styles.refused}>
        <PaperClipOutlined aria-hidden /> {name} · {t('mail.refusedFile')}
      </span>
    )
  const save = async (): Promise<void> => {
    setIsLoading(true)
    try {
      await saveEmailFile(file)
    } catch (error) {
      sayProblem(message, t, error)
    }
    setIsLoading(false)
  }
  const open = (): void => {
    if (document) documents.open({ kind: 'open', id: document, mayFile: false })
    else if (file.may_be_shown) setLooking('now')
    else void save()
  }
  return (
    <>
      <Button
        className={styles.file ?? ''}
        size="small"
        icon={<PaperClipOutlined aria-hidden />}
        loading={isLoading}
        onClick={open}
      >
        {name} <small className={`${styles.soft} figures`}>{sizeWords(size)}</small>
      </Button>
      {looking !== 'not_yet' && (
        <Suspense fallback={null}>
          <EmailFileSheet
            file={file}
            open={looking === 'now'}
            onClose={() => setLooking('no_more')}
            onSave={() => void save()}
            isSaving={isLoading}
          />
        </Suspense>
      )}
    </>
  )
}
