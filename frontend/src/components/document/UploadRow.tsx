import { CheckCircleFilled, CloseOutlined } from '@ant-design/icons'
import { Button, Progress, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DocumentKind } from '@/api/types'
import { asLanguage } from '@/i18n/i18n'
import { sizeWords, tooLarge } from '@/lib/files'
import { problemWords } from '@/lib/words'
import styles from './Documents.module.css'
import { kindName } from './documentWords'
import type { Row } from './useSending'

interface Props {
  row: Row
  /** To choose from; none where it is settled. */
  kinds: DocumentKind[] | null
  limit: number | undefined
  onKind: (kind: string) => void
  onRemove: () => void
  isLocked: boolean
  /** Whether it can be left out although it has gone up. */
  isOptional?: boolean
}

/** One file on its way: what it will be, how far it is, or why it did not get through. */
export function UploadRow({ row, kinds, limit, onKind, onRemove, isLocked, isOptional = false }: Props) {
  const { t, i18n } = useTranslation()
  const { file, state } = row
  const isTooLarge = state !== 'done' && tooLarge(file.size, limit)
  const problem = row.error ? problemWords(t, row.error) : null
  return (
    <li className={styles.row}>
      <div className={styles.top}>
        <span className={styles.words}>
          {file.name} <small className={`${styles.soft} figures`}>{sizeWords(file.size)}</small>
        </span>
        {state === 'done' && <CheckCircleFilled className={styles.done} aria-label={t('document.sent')} />}
        {(state !== 'done' || isOptional) && !isLocked && (
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('document.leaveOut', { name: file.name })}
            onClick={onRemove}
          />
        )}
      </div>
      {kinds && state !== 'done' && (
        <Select
          aria-label={t('document.kindOf', { name: file.name })}
          value={row.kind}
          disabled={isLocked}
          onChange={onKind}
          options={kinds.map((kind) => ({ value: kind.key, label: kindName(kind, asLanguage(i18n.language)) }))}
        />
      )}
      {state === 'sending' && (
        <Progress percent={Math.round(row.share * 100)} size="small" aria-label={t('document.progress')} />
      )}
      {isTooLarge && (
        <p className={styles.wrong} role="alert">
          {t('document.tooLarge', { limit: limit ?? '' })}
        </p>
      )}
      {problem && (
        <p className={styles.wrong} role="alert">
          {problem.title}
          {t('common.colon')}
          {problem.help}
        </p>
      )}
      {row.isMismatched && <p className={styles.soft}>{t('document.mismatched')}</p>}
    </li>
  )
}
