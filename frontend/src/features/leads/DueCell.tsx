import { AlertOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { LeadCard } from '@/api/types'
import { Countdown } from '@/components/Countdown'
import { isContacted } from '@/components/lead/leadWords'
import styles from './DueCell.module.css'

/** Where a lead stands against its first-contact limit, and whether it was escalated. */
export function DueCell({ lead }: { lead: LeadCard }) {
  const { t } = useTranslation()
  const waits = lead.state === 'assigned'
  return (
    <span className={styles.cell}>
      {waits && <Countdown dueAt={lead.follow_up_due_at} runsFrom={lead.assigned_at} />}
      {!waits && isContacted(lead) && <Countdown dueAt={null} isDone />}
      {lead.escalation_level > 0 && (
        <span className={styles.escalated}>
          <AlertOutlined aria-hidden /> {lead.escalation_level > 1 ? t('lead.escalatedTwice') : t('lead.escalated')}
        </span>
      )}
    </span>
  )
}
