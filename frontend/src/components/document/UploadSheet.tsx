import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { documentKindsQuery } from '@/api/documents'
import type { DocumentKind } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'
import { guessKind, tooLarge } from '@/lib/files'
import styles from './Documents.module.css'
import { FilePicker } from './FilePicker'
import { UploadRow } from './UploadRow'
import { filedWith, isDocument, rowOf, type Target, useSending } from './useSending'

interface Props extends Opening {
  /** A record that gets new documents, or a document that gets a new version. */
  target: Target
  files?: File[] | undefined
  /** The kind that a stage asks for. */
  asked?: string | undefined
}

export function UploadSheet(props: Props) {
  const { t } = useTranslation()
  const kinds = useQuery(documentKindsQuery)
  if (kinds.data) return <Form {...props} kinds={kinds.data.items} />
  return (
    <Sheet open={props.open} onClose={props.onClose} title={t('document.upload')}>
      {kinds.isError ? (
        <ErrorState error={kinds.error} onRetry={() => void kinds.refetch()} />
      ) : (
        <CardSkeletons count={2} />
      )}
    </Sheet>
  )
}

function Form({ target, files = [], asked, kinds, open, onClose }: Props & { kinds: DocumentKind[] }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const isVersion = isDocument(target)
  const inUse = kinds.filter((kind) => kind.is_active || (isVersion && kind.key === target.kind.key))
  const kindFor = (file: File): string => {
    if (isVersion) return target.kind.key
    const known = inUse.map(({ key }) => key)
    return asked && known.includes(asked) ? asked : guessKind(file, known)
  }
  const { rows, setRows, patch, send, isSending } = useSending(
    files.map((file) => rowOf(file, kindFor(file))),
    filedWith(target),
  )
  const limitOf = (key: string): number | undefined => kinds.find((kind) => kind.key === key)?.max_megabytes
  const open_ = rows.filter(({ state }) => state !== 'done')
  const isHeld = open_.some(({ file, kind }) => tooLarge(file.size, limitOf(kind)))
  const add = (more: File[]): void => {
    const fresh = more.map((file) => rowOf(file, kindFor(file)))
    setRows((before) => (isVersion ? fresh : [...before, ...fresh]))
  }
  const start = async (): Promise<void> => {
    if (!(await send())) return
    void message.success(isVersion ? t('document.versionAdded') : t('document.added', { count: rows.length }))
    onClose()
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      keepsOnOutsideTap
      title={isVersion ? `${t('document.newVersion')} · ${target.title}` : t('document.upload')}
      footer={
        <Button
          type="primary"
          size="large"
          block
          disabled={open_.length === 0 || isHeld}
          loading={isSending}
          onClick={() => void start()}
        >
          {rows.some(({ state }) => state === 'failed')
            ? t('document.sendAgain')
            : t('document.send', { count: open_.length })}
        </Button>
      }
    >
      {!isSending && <FilePicker several={!isVersion} onFiles={add} />}
      <ul className={styles.rows} aria-label={t('document.chosen')}>
        {rows.map((row) => (
          <UploadRow
            key={row.key}
            row={row}
            kinds={isVersion ? null : inUse}
            limit={limitOf(row.kind)}
            onKind={(kind) => patch(row.key, { kind })}
            onRemove={() => setRows((before) => before.filter(({ key }) => key !== row.key))}
            isLocked={isSending}
          />
        ))}
      </ul>
    </Sheet>
  )
}
