import { CloseOutlined, FolderOpenOutlined, PaperClipOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentKindsQuery, documentsQuery, type Subject, uploadFile } from '@/api/documents'
import { filesOf } from '@/components/document/FilePicker'
import { guessKind, sizeWords } from '@/lib/files'
import { newKey } from '@/lib/keys'
import { problemWords } from '@/lib/words'
import type { Enclosed } from './composing'
import styles from './Email.module.css'

interface Props {
  subject: Subject
  files: Enclosed[]
  most: number
  onChange: (change: (before: Enclosed[]) => Enclosed[]) => void
  /** While a file goes up, the letter waits. */
  onSending: (isSending: boolean) => void
}

interface Going {
  key: string
  name: string
  share: number
  error: unknown
}

/** What goes with a letter: files of the record, or of this device. */
export function Enclosures({ subject, files, most, onChange, onSending }: Props) {
  const { t } = useTranslation()
  const kinds = useQuery(documentKindsQuery).data?.items ?? []
  const chooser = useRef<HTMLInputElement>(null)
  const stopped = useRef(new AbortController())
  const [going, setGoing] = useState<Going[]>([])
  const [isChoosing, setIsChoosing] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    stopped.current = controller
    return () => controller.abort()
  }, [])
  const isBusy = going.some(({ error }) => error === null)
  useEffect(() => onSending(isBusy), [isBusy, onSending])
  const patch = (key: string, change: Partial<Going>): void =>
    setGoing((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const send = async (file: File): Promise<void> => {
    const key = newKey()
    const { signal } = stopped.current
    const kind = guessKind(
      file,
      kinds.filter((one) => one.is_active).map((one) => one.key),
    )
    setGoing((before) => [...before, { key, name: file.name, share: 0, error: null }])
    try {
      const { id } = await uploadFile({ file, kind, signal, onProgress: (share) => patch(key, { share }) })
      onChange((before) => [...before, { key, name: file.name, size: file.size, upload_id: id, kind, at: Date.now() }])
      setGoing((before) => before.filter((one) => one.key !== key))
    } catch (error) {
      if (!signal.aborted) patch(key, { error })
    }
  }
  const size = files.reduce((sum, one) => sum + one.size, 0)
  return (
    <section className={styles.enclosures} aria-label={t('mail.files')}>
      <div className={styles.buttons}>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          data-testid="enclosed"
          onChange={({ target }) => {
            for (const file of filesOf(target.files)) void send(file)
            target.value = ''
          }}
        />
        <Button icon={<PaperClipOutlined aria-hidden />} onClick={() => chooser.current?.click()}>
          {t('mail.attach')}
        </Button>
        <Button
          icon={<FolderOpenOutlined aria-hidden />}
          aria-expanded={isChoosing}
          onClick={() => setIsChoosing(!isChoosing)}
        >
          {t('mail.attachFiled')}
        </Button>
      </div>
      {isChoosing && <FiledChoice subject={subject} files={files} onChange={onChange} />}
      <ul className={styles.files}>
        {files.map((file) => (
          <li key={file.key} className={styles.enclosed}>
            <span className={styles.words}>
              {file.name} <small className={`${styles.soft} figures`}>{sizeWords(file.size)}</small>
            </span>
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('mail.leaveOut', { name: file.name })}
              onClick={() => onChange((before) => before.filter(({ key }) => key !== file.key))}
            />
          </li>
        ))}
        {going.map((one) => (
          <GoingRow
            key={one.key}
            going={one}
            onRemove={() => setGoing((before) => before.filter(({ key }) => key !== one.key))}
          />
        ))}
      </ul>
      {size > most && (
        <p className={styles.wrong} role="alert">
          {t('mail.tooLarge', { size: sizeWords(size), most: sizeWords(most) })}
        </p>
      )}
    </section>
  )
}

function GoingRow({ going, onRemove }: { going: Going; onRemove: () => void }) {
  const { t } = useTranslation()
  const problem = going.error === null ? null : problemWords(t, going.error)
  return (
    <li className={styles.enclosed}>
      <span className={styles.words}>
        {going.name}
        {problem ? (
          <small className={styles.wrong} role="alert">
            {problem.title}
            {t('common.colon')}
            {problem.help}
          </small>
        ) : (
          <Progress percent={Math.round(going.share * 100)} size="small" aria-label={t('document.progress')} />
        )}
      </span>
      {problem && (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t('mail.leaveOut', { name: going.name })}
          onClick={onRemove}
        />
      )}
    </li>
  )
}

/** The newest versions of the record's files. */
function FiledChoice({ subject, files, onChange }: Pick<Props, 'subject' | 'files' | 'onChange'>) {
  const { t } = useTranslation()
  const found = useInfiniteQuery(documentsQuery(subject))
  const items = (found.data?.pages ?? []).flatMap((page) => page.items).filter(({ withdrawn }) => withdrawn === null)
  const versions = items.flatMap(({ title, versions: [newest] }) => (newest ? [{ title, newest }] : []))
  if (found.data && versions.length === 0) return <p className={styles.soft}>{t('document.empty')}</p>
  return (
    <div className={styles.filed}>
      {versions.map(({ title, newest: { id, name, size } }) => (
        <Checkbox
          key={id}
          checked={files.some(({ version_id }) => version_id === id)}
          onChange={({ target }) =>
            onChange((before) =>
              target.checked
                ? [...before, { key: id, name, size, version_id: id, at: Date.now() }]
                : before.filter(({ version_id }) => version_id !== id),
            )
          }
        >
          {title} <small className={`${styles.soft} figures`}>{sizeWords(size)}</small>
        </Checkbox>
      ))}
      {found.hasNextPage && (
        <Button type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      )}
    </div>
  )
}
