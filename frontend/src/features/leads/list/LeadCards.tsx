import { RightOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { LeadCard } from '@/api/types'
import { FactLine } from '@/components/FactLine'
import styles from '@/components/ListCards.module.css'
import { ClaimButton } from '@/components/lead/ClaimButton'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { isInPool, leadName, sourceWords } from '@/components/lead/leadWords'
import { PoolCountdown, SHOWN_WITHIN } from '@/components/lead/PoolCountdown'
import { Moment } from '@/components/Moment'
import { placeName } from '@/lib/places'
import { may, useMe } from '@/lib/session'
import { DueCell } from '../DueCell'

/** The list on the phone: one lead a card, the whole card opens it. */
export function LeadCards({ leads }: { leads: LeadCard[] }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <ul className={styles.list}>
      {leads.map((lead) => (
        <li key={lead.id} className={styles.card}>
          <div className={styles.top}>
            <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={styles.name}>
              {leadName(t, lead)}
            </Link>
            <RightOutlined aria-hidden className={styles.arrow} />
          </div>
          <FactLine facts={[lead.contact_name, placeName(lead.province, lead.city), sourceWords(t, lead.source)]} />
          <div className={styles.marks}>
            <LeadStateTag state={lead.state} />
            <DueCell lead={lead} />
            <PoolCountdown at={lead.returns_to_pool_at} within={SHOWN_WITHIN} />
          </div>
          <p className={styles.small}>
            {lead.owner?.name ?? t('lead.noOwner')} · <Moment at={lead.received_at} />
          </p>
          {isInPool(lead) && may(me, 'lead.claim') && (
            <div className={styles.action}>
              <ClaimButton leadId={lead.id} />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
