import { FolderOutlined, PaperClipOutlined, StopOutlined, UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { EmailCard } from '@/api/types'
import { wholePerson } from '@/components/email/emailWords'
import { useRestoring } from '@/components/email/useRestoring'
import { useSorting } from '@/components/email/useSorting'
import { Moment } from '@/components/Moment'
import styles from './TrayPage.module.css'

/** One letter that waits: who wrote what, why nobody knows where it belongs, and what can be done with it. */
export function TrayItem({ email, onOpen }: { email: EmailCard; onOpen: () => void }) {
  const { t } = useTranslation()
  const { start, sheets } = useSorting(email)
  const restore = useRestoring()
  const { reason, detail, state } = email
  return (
    <li className={styles.card}>
      <button type="button" className={styles.open} onClick={onOpen}>
        <span className={styles.top}>
          <strong className={styles.subject}>{email.subject || t('mail.noSubject')}</strong>
          {email.files > 0 && <PaperClipOutlined aria-label={t('mail.hasFiles')} />}
        </span>
        <span className={styles.soft}>
          {wholePerson(email.sender)} · <Moment at={email.at} />
        </span>
        <span className={styles.excerpt}>{email.excerpt}</span>
      </button>
      {reason && (
        <p className={styles.why}>
          {t(`mail.reasons.${reason}`)}
          {detail && `${t('common.colon')}${detail}`}
        </p>
      )}
      <div className={styles.buttons}>
        {state === 'discarded' ? (
          <Button
            icon={<UndoOutlined aria-hidden />}
            loading={restore.isPending}
            onClick={() => restore.mutate(email.id)}
          >
            {t('mail.restore')}
          </Button>
        ) : (
          <Button type="primary" icon={<FolderOutlined aria-hidden />} onClick={() => start('file')}>
            {t('mail.file')}
          </Button>
        )}
        {state === 'sorting' && (
          <Button icon={<StopOutlined aria-hidden />} onClick={() => start('discard')}>
            {t('mail.discard')}
          </Button>
        )}
      </div>
      {sheets}
    </li>
  )
}
