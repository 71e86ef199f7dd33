import { useTranslation } from 'react-i18next'
import type { Customer } from '@/api/types'
import { Card } from '@/components/Card'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import { FactLine } from '@/components/FactLine'
import { Moment } from '@/components/Moment'
import { useIsPhone } from '@/lib/media'
import { placeName } from '@/lib/places'
import { CustomerActionButtons } from './CustomerActionButtons'
import styles from './CustomerHead.module.css'

/** Who looks after the customer, who stands in, and what was agreed next. */
export function CustomerHead({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const { archived_at, archived_by } = customer
  const isMarked = customer.is_key || archived_at !== null
  return (
    <Card>
      {isMarked && (
        <div className={styles.marks}>
          <CustomerMarks customer={customer} />
        </div>
      )}
      {archived_at && (
        <p className={styles.archived}>
          {t('customer.archivedOn', { reason: customer.archive_reason ?? '' })}
          <br />
          {t('customer.archivedBy', { name: archived_by?.name ?? t('timeline.system') })} <Moment at={archived_at} />
        </p>
      )}
      <dl className={styles.people}>
        <div>
          <dt>{t('customer.fields.owner_id')}</dt>
          <dd>{customer.owner.name}</dd>
        </div>
        <div>
          <dt>{t('customer.fields.backup_owner_id')}</dt>
          <dd className={customer.lacks_backup ? styles.missing : ''}>
            {customer.backup_owner?.name ?? t('customer.noBackup')}
          </dd>
        </div>
        <div>
          <dt>{t('customer.lastActivity')}</dt>
          <dd>
            <Moment at={customer.last_activity_at} />
          </dd>
        </div>
      </dl>
      <FactLine
        className={styles.facts}
        facts={[placeName(customer.province, customer.city), customer.industry, customer.region?.name]}
      />
      {customer.tags.length > 0 && (
        <ul className={styles.tags} aria-label={t('customer.fields.tags')}>
          {customer.tags.map((tag) => (
            <li key={tag} className={styles.tag}>
              {tag}
            </li>
          ))}
        </ul>
      )}
      {customer.notes && <p className={styles.notes}>{customer.notes}</p>}
      {customer.next_step_at && (
        <p className={styles.next}>
          {t('customer.nextStep')}: <Moment at={customer.next_step_at} />
          {customer.next_step && ` · ${customer.next_step}`}
        </p>
      )}
      {!isPhone && customer.actions.length > 0 && (
        <div className={styles.actions}>
          <CustomerActionButtons customer={customer} />
        </div>
      )}
    </Card>
  )
}
