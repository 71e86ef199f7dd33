import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emailsChanged, retryEmail } from '@/api/emails'
import type { Email } from '@/api/types'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import styles from './Email.module.css'
import { EmailStateTag } from './EmailStateTag'
import { senderWords, wholePerson } from './emailWords'
import { LetterFiles } from './LetterFiles'
import { LetterText } from './LetterText'
import { SortingButtons } from './SortingButtons'
import { SourceButton } from './SourceButton'

/** One letter of a conversation; an older one is a line until it is opened. */
export function Letter({ email, isFirstOpen }: { email: Email; isFirstOpen: boolean }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(isFirstOpen)
  const people = (list: Email['to']): string => list.map(wholePerson).join(t('common.listSeparator'))
  return (
    <li className={`${styles.letter} ${email.direction === 'out' ? styles.ours : ''}`}>
      <button type="button" className={styles.head} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <span className={styles.chevron} aria-hidden>
          {isOpen ? <DownOutlined /> : <RightOutlined />}
        </span>
        <span className={styles.words}>
          <span className={styles.line}>
            <strong>{senderWords(email)}</strong>
            <EmailStateTag state={email.state} />
          </span>
          {!isOpen && <span className={styles.excerpt}>{email.excerpt}</span>}
        </span>
        <small className={styles.meta}>
          <Moment at={email.at} />
        </small>
      </button>
      {isOpen && (
        <div className={styles.inside}>
          <dl className={styles.people}>
            <dt>{t('mail.from')}</dt>
            <dd>{wholePerson(email.sender)}</dd>
            <dt>{t('mail.to')}</dt>
            <dd>{people(email.to)}</dd>
            {email.cc.length > 0 && (
              <>
                <dt>{t('mail.cc')}</dt>
                <dd>{people(email.cc)}</dd>
              </>
            )}
          </dl>
          <Delivery email={email} />
          <LetterText email={email} />
          <LetterFiles files={email.attachments} />
          <div className={styles.buttons}>
            <SortingButtons email={email} />
            {email.has_source && !email.is_cut && <SourceButton emailId={email.id} />}
          </div>
        </div>
      )}
    </li>
  )
}

/** What became of a letter of ours, or why one that came in lies where it lies. */
function Delivery({ email }: { email: Email }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [key, setKey] = useState(newKey)
  const retry = useMutation({
    mutationFn: () => retryEmail(email.id, key),
    onSuccess: () => setKey(newKey()), // that try was taken; the next one is another
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => emailsChanged(client),
  })
  const { state, reason, detail, delivery } = email
  const said = reason ? t(`mail.reasons.${reason}`) : null
  if (state === 'pending')
    return (
      <p className={styles.notice} role="status">
        {delivery && delivery.attempts > 0 ? (
          <>
            {t('mail.triedAgain', { count: delivery.attempts })} {delivery.next_at && <Moment at={delivery.next_at} />}
            {delivery.last_error && <small className={styles.meta}>{delivery.last_error}</small>}
          </>
        ) : (
          t('mail.isOnItsWay')
        )}
      </p>
    )
  const isBad = state === 'failed' || reason === 'partly_refused'
  if (!isBad && state !== 'sorting' && state !== 'automatic' && state !== 'discarded') return null
  return (
    <div className={`${styles.notice} ${isBad ? styles.bad : ''}`} role={isBad ? 'alert' : undefined}>
      <p>
        {said}
        {detail && <small className={styles.meta}>{detail}</small>}
      </p>
      {email.actions.includes('retry') && (
        <Button size="small" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('mail.retry')}
        </Button>
      )}
    </div>
  )
}
