import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import { CallButton } from '@/components/CallButton'
import { Card } from '@/components/Card'
import { CopyButton } from '@/components/CopyButton'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { Moment } from '@/components/Moment'
import { useIsPhone } from '@/lib/media'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import { DueCell } from './DueCell'
import { LeadActionButtons } from './LeadActionButtons'
import styles from './LeadHead.module.css'

/** Who to call, how, and by when. */
export function LeadHead({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  return (
    <Card>
      <div className={styles.marks}>
        <LeadStateTag state={lead.state} />
        <DueCell lead={lead} />
        {lead.is_test && <span className={styles.test}>{t('lead.test')}</span>}
      </div>
      <div className={styles.contact}>
        <div>
          <p className={styles.name}>{lead.contact_name || t('common.unknown')}</p>
          <p className={styles.soft}>{placeName(lead.province, lead.city)}</p>
        </div>
        {lead.phone ? (
          <div className={styles.phone}>
            {isPhone ? (
              <span className={`${styles.number} figures`}>{readablePhone(lead.phone)}</span>
            ) : (
              <CallButton phone={lead.phone} />
            )}
            <CopyButton text={lead.phone} />
          </div>
        ) : (
          <span className={styles.soft}>{t('lead.noPhone')}</span>
        )}
      </div>
      {lead.need && <p className={styles.need}>{lead.need}</p>}
      <p className={styles.owner}>
        {t('lead.owner')}
        {t('common.colon')}
        <strong>{lead.owner?.name ?? t('lead.noOwner')}</strong>
        {lead.escalated_to && <> · {t('lead.escalatedTo', { name: lead.escalated_to.name })}</>}
        {lead.state === 'assigned' && lead.follow_up_due_at && (
          <>
            {' · '}
            {t('lead.firstContactBy')}
            {t('common.colon')}
            <Moment at={lead.follow_up_due_at} />
          </>
        )}
      </p>
      {lead.next_step_at && (
        <p className={styles.next}>
          {t('lead.nextStep')}
          {t('common.colon')}
          <Moment at={lead.next_step_at} />
          {lead.next_step && ` · ${lead.next_step}`}
        </p>
      )}
      {!isPhone && lead.actions.length > 0 && (
        <div className={styles.actions}>
          <LeadActionButtons lead={lead} />
        </div>
      )}
    </Card>
  )
}
