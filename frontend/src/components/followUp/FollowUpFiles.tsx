import { CloseOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from '@/components/document/Documents.module.css'
import { FilePicker } from '@/components/document/FilePicker'
import { UploadRow } from '@/components/document/UploadRow'
import { sayProblem } from '@/lib/formProblem'
import { type FollowUpFileList, MOST_FILES } from './useFollowUpFiles'

/** Photos, recordings and papers that go with an entry; they go up when it is saved. */
export function FollowUpFiles({ files }: { files: FollowUpFileList }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { rows, kept, kinds, limitOf, isSending, isTooMany, add, patch, leaveOut, takeOff } = files
  return (
    <section className={styles.enclosed} aria-label={t('followUp.files')}>
      <p className={styles.label}>{t('followUp.files')}</p>
      {!isSending && (
        <FilePicker
          several
          isCompact
          onFiles={(chosen) => void add(chosen).catch((error: unknown) => sayProblem(message, t, error))}
        />
      )}
      {kept.length + rows.length > 0 && (
        <ul className={styles.rows}>
          {kept.map(({ document_id, title }) => (
            <li key={document_id} className={styles.row}>
              <div className={styles.top}>
                <span className={styles.words}>{title}</span>
                <Button
                  type="text"
                  size="small"
                  disabled={isSending}
                  icon={<CloseOutlined aria-hidden />}
                  aria-label={t('followUp.takeOff', { name: title })}
                  onClick={() => takeOff(document_id)}
                />
              </div>
            </li>
          ))}
          {rows.map((row) => (
            <UploadRow
              key={row.key}
              row={row}
              kinds={kinds}
              limit={limitOf(row.kind)}
              onKind={(kind) => patch(row.key, { kind })}
              onRemove={() => leaveOut(row.key)}
              isLocked={isSending}
              isOptional
            />
          ))}
        </ul>
      )}
      {isTooMany && (
        <p className={styles.wrong} role="alert">
          {t('followUp.mostFiles', { most: MOST_FILES })}
        </p>
      )}
    </section>
  )
}
