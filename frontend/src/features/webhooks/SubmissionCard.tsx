import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Submission } from '@/api/types'
import { Moment } from '@/components/Moment'
import { may, useMe } from '@/lib/session'
import { Faults } from './Faults'
import { targetWords } from './faultWords'
import { RawFields } from './RawFields'
import styles from './webhooks.module.css'

interface Props {
  submission: Submission
  onReplay: () => void
  onDismiss: () => void
}

export function SubmissionCard({ submission, onReplay, onDismiss }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const isWaiting = submission.state === 'quarantined'
  return (
    <li className={styles.card}>
      <p className={styles.head}>
        <span className={styles.name}>{submission.form.name}</span>
        <span className={styles.soft}>
          {t('quarantine.received')} <Moment at={submission.received_at} />
        </span>
      </p>
      {isWaiting && <Faults faults={submission.reasons} />}
      <Decision submission={submission} />
      <RawFields payload={submission.payload} />
      <div className={styles.actions}>
        {submission.lead_id && (
          <Link to="/leads/$leadId" params={{ leadId: submission.lead_id }}>
            {t('quarantine.openLead')}
          </Link>
        )}
        {submission.state !== 'accepted' && may(me, 'forms.manage') && (
          <>
            <Button type="primary" onClick={onReplay}>
              {t('quarantine.replay')}
            </Button>
            {isWaiting && <Button onClick={onDismiss}>{t('quarantine.dismiss')}</Button>}
          </>
        )}
      </div>
    </li>
  )
}

function Decision({ submission: { decision } }: { submission: Submission }) {
  const { t } = useTranslation()
  if (!decision) return null
  const fields = Object.keys(decision.corrections).map((name) => targetWords(t, name))
  return (
    <p className={styles.soft} style={{ marginTop: 8 }}>
      {t(`quarantine.decided.${decision.kind}`, { name: decision.by.name })} <Moment at={decision.at} />
      {decision.reason && ` · ${t('timeline.reason', { reason: decision.reason })}`}
      {fields.length > 0 && ` · ${t('quarantine.corrected', { fields: fields.join(t('common.listSeparator')) })}`}
    </p>
  )
}
