import { MailOutlined, PaperClipOutlined, SendOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { EmailCard } from '@/api/types'
import { Moment } from '@/components/Moment'
import styles from './Email.module.css'
import { EmailStateTag } from './EmailStateTag'
import { recipientWords, senderWords } from './emailWords'
import { plainSubject } from './quoted'

interface Props {
  /** Of one conversation, the newest first. */
  letters: EmailCard[]
  onOpen: (threadId: string) => void
}

/** A conversation as its newest letter tells it. */
export function ThreadItem({ letters, onOpen }: Props) {
  const { t } = useTranslation()
  const [newest] = letters
  if (!newest) return null
  const isOurs = newest.direction === 'out'
  const who = isOurs ? t('mail.toWhom', { name: recipientWords(t, newest) }) : senderWords(newest)
  const troubled = letters.find(({ state }) => state === 'failed') ?? newest
  return (
    <li>
      <button type="button" className={styles.item} onClick={() => onOpen(newest.thread_id)}>
        <span className={styles.face} aria-hidden>
          {isOurs ? <SendOutlined /> : <MailOutlined />}
        </span>
        <span className={styles.words}>
          <span className={styles.line}>
            <strong className={styles.name}>{plainSubject(newest.subject) || t('mail.noSubject')}</strong>
            {letters.length > 1 && (
              <span className={`${styles.count} figures`}>{t('mail.letters', { count: letters.length })}</span>
            )}
            {letters.some(({ files }) => files > 0) && <PaperClipOutlined aria-label={t('mail.hasFiles')} />}
            <EmailStateTag state={troubled.state} />
          </span>
          <span className={styles.excerpt}>{newest.excerpt}</span>
          <small className={styles.meta}>
            {who} · <Moment at={newest.at} />
            {newest.of && ` · ${t('document.of', { name: newest.of })}`}
          </small>
        </span>
      </button>
    </li>
  )
}
