import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { customerLeadsQuery } from '@/api/customers'
import { Card } from '@/components/Card'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { Moment } from '@/components/Moment'
import styles from './LeadsCard.module.css'

/** The leads that became or joined this customer. */
export function LeadsCard({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const { data } = useQuery(customerLeadsQuery(customerId))
  if (!data?.items.length) return null
  return (
    <Card title={t('convert.leads')}>
      <ul className={styles.list}>
        {data.items.map((lead) => (
          <li key={lead.id} className={styles.row}>
            <span className={styles.words}>
              <Link to="/leads/$leadId" params={{ leadId: lead.id }}>
                {`${lead.contact_name || lead.company || t('lead.unnamed')} · ${lead.number}`}
              </Link>
              <small className={styles.soft}>
                <Moment at={lead.received_at} />
                {lead.owner && ` · ${lead.owner.name}`}
              </small>
            </span>
            <LeadStateTag state={lead.state} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
