import { PaperClipOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emailFile } from '@/api/emails'
import type { EmailFile } from '@/api/types'
import { useDocumentSheets } from '@/components/document/DocumentSheets'
import { sizeWords } from '@/lib/files'
import { sayProblem } from '@/lib/formProblem'
import styles from './Email.module.css'

/** The files of a letter: those that are documents open inside the page, the others are saved. */
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
      const url = URL.createObjectURL(await emailFile(file.id))
      const link = window.document.createElement('a')
      link.href = url
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), 60_000)
    } catch (error) {
      sayProblem(message, t, error)
    }
    setIsLoading(false)
  }
  return (
    <Button
      className={styles.file ?? ''}
      size="small"
      icon={<PaperClipOutlined aria-hidden />}
      loading={isLoading}
      onClick={() => (document ? documents.open({ kind: 'open', id: document, mayFile: false }) : void save())}
    >
      {name} <small className={`${styles.soft} figures`}>{sizeWords(size)}</small>
    </Button>
  )
}
