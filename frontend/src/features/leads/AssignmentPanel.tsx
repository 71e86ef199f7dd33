import { BulbOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import { Card } from '@/components/Card'
import { latencyWords, reasonWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'
import styles from './AssignmentPanel.module.css'

/** Why this person got the lead, and how fast. */
export function AssignmentPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const { assignment } = lead
  if (!assignment) return null
  return (
    <Card title={t('assignment.title', { name: lead.owner?.name ?? t('lead.noOwner') })}>
      <p className={styles.reason}>
        <BulbOutlined aria-hidden className={styles.icon} />
        {reasonWords(t, assignment.reason)}
      </p>
      <p className={styles.soft}>
        <Moment at={assignment.assigned_at} />
        {assignment.latency_ms !== null &&
          ` · ${t('assignment.latency', { time: latencyWords(t, assignment.latency_ms) })}`}
      </p>
    </Card>
  )
}
