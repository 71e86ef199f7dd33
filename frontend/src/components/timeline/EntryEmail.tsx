import { MailOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '@/api/types'
import { useEmailSheets } from '@/components/email/EmailSheets'
import { emailOf } from '@/components/email/emailWords'
import { bodyText } from '@/components/lead/leadWords'
import styles from './Timeline.module.css'

/** The letter that an entry tells of; opens its conversation. */
export function EntryEmail({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const sheets = useEmailSheets()
  const email = emailOf(entry)
  if (!email) return null
  const excerpt = bodyText(entry, 'excerpt')
  return (
    <>
      <Button
        size="small"
        icon={<MailOutlined aria-hidden />}
        onClick={() => sheets.open({ kind: 'read', threadId: email.thread_id })}
      >
        {email.subject || t('mail.noSubject')}
      </Button>
      {excerpt && <p className={styles.text}>{excerpt}</p>}
    </>
  )
}
