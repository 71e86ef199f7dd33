import { EditOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Subject } from '@/api/documents'
import { emailsQuery, mailingQuery } from '@/api/emails'
import { Card } from '@/components/Card'
import { CardSkeletons, ErrorState } from '@/components/states'
import { Dropbox } from './Dropbox'
import styles from './Email.module.css'
import { useEmailSheets } from './EmailSheets'
import { threadsOf } from './emailWords'
import { ThreadItem } from './ThreadItem'

interface Props extends Subject {
  /** Whether this person may write with the record. */
  mayWrite: boolean
}

/** The letters of a record as conversations, the way to write one, and where others can be sent to be kept here. */
export function EmailsCard({ type, id, mayWrite }: Props) {
  const { t } = useTranslation()
  const sheets = useEmailSheets()
  const subject = { type, id }
  const mailing = useQuery(mailingQuery).data
  const found = useInfiniteQuery(emailsQuery(subject))
  const threads = threadsOf(found.data?.pages.flatMap((page) => page.items) ?? [])
  const writes = mayWrite && mailing?.can_send === true
  const receives = mailing?.can_receive === true
  if (found.data && threads.length === 0 && !writes && !receives) return null
  return (
    <Card title={t('mail.title')}>
      {found.isPending && <CardSkeletons count={1} />}
      {found.isError && threads.length === 0 && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && threads.length === 0 && <p className={styles.soft}>{t('mail.empty')}</p>}
      <ul className={styles.list} aria-label={t('mail.threads')}>
        {threads.map((letters) => (
          <ThreadItem
            key={letters[0]?.thread_id}
            letters={letters}
            onOpen={(threadId) => sheets.open({ kind: 'read', threadId })}
          />
        ))}
      </ul>
      <div className={styles.buttons}>
        {found.hasNextPage && (
          <Button type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        )}
        {writes && (
          <Button icon={<EditOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'write', subject })}>
            {t('mail.write')}
          </Button>
        )}
      </div>
      {receives && <Dropbox subject={subject} mayRenew={mayWrite} />}
    </Card>
  )
}
