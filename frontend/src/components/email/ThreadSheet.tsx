import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emailThreadQuery, mailingQuery } from '@/api/emails'
import type { Email } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'
import { ComposeSheet, type Reply } from './ComposeSheet'
import styles from './Email.module.css'
import { answerTo, oursOf } from './emailWords'
import { Letter } from './Letter'
import { plainSubject } from './quoted'

const OPEN_AT_FIRST = 2

/** A conversation to read and to answer: a side sheet, on the phone the whole screen. */
export function ThreadSheet({ threadId, open, onClose }: { threadId: string } & Opening) {
  const { t } = useTranslation()
  const thread = useQuery({ ...emailThreadQuery(threadId), enabled: open })
  const letters = thread.data?.items ?? []
  const newest = letters.at(-1)
  return (
    <Sheet
      open={open}
      onClose={onClose}
      width={720}
      phoneHeight="full"
      title={newest ? plainSubject(newest.subject) || t('mail.noSubject') : t('mail.title')}
      footer={<Answers letters={letters} />}
    >
      {thread.isPending && <CardSkeletons count={2} />}
      {thread.isError && letters.length === 0 && (
        <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />
      )}
      <ol className={styles.letters} aria-label={t('mail.thread')}>
        {letters.map((email, place) => (
          <Letter key={email.id} email={email} isFirstOpen={place >= letters.length - OPEN_AT_FIRST} />
        ))}
      </ol>
    </Sheet>
  )
}

/** The newest letter that can be answered is; to all only where that is more than one. */
function Answers({ letters }: { letters: Email[] }) {
  const { t } = useTranslation()
  const mailing = useQuery(mailingQuery).data
  const [reply, setReply] = useState<(Reply & { serial: number }) | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const email = letters.findLast(({ actions }) => actions.includes('reply'))
  if (!email || !mailing?.can_send) return null
  const start = (isToAll: boolean): void => {
    setReply((before) => ({ email, isToAll, serial: (before?.serial ?? 0) + 1 }))
    setIsOpen(true)
  }
  const others = answerTo(email, true, oursOf(mailing)).cc.length
  return (
    <div className={styles.answers}>
      <Button type="primary" size="large" onClick={() => start(false)}>
        {t('mail.reply')}
      </Button>
      {others > 0 && (
        <Button size="large" onClick={() => start(true)}>
          {t('mail.replyAll')}
        </Button>
      )}
      {reply && email.subject_id && email.subject_type && (
        <ComposeSheet
          key={reply.serial}
          subject={{ type: email.subject_type as 'customer', id: email.subject_id }}
          reply={reply}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </div>
  )
}
