import { HourglassOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Customer } from '@/api/types'
import { contactName, fieldLabel, standsWith } from '@/components/customer/changeWords'
import styles from './PendingBanner.module.css'

/** What waits for an approval: nobody wonders why a change does not show, or asks for it twice. */
export function PendingBanner({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  if (customer.pending.length === 0) return null
  return (
    <section className={styles.banner} aria-label={t('change.title')}>
      <p className={styles.title}>
        <HourglassOutlined aria-hidden /> {t('customer.pendingTitle', { count: customer.pending.length })}
      </p>
      <ul className={styles.list}>
        {customer.pending.map((request) => (
          <li key={request.id}>
            <Link to="/change-requests/$requestId" params={{ requestId: request.id }}>
              {request.changes
                .map(({ field }) => fieldLabel(t, request.subject_type, field))
                .join(t('common.listSeparator'))}
            </Link>
            <span className={styles.soft}>
              {request.subject_type === 'contact' &&
                ` · ${t('change.ofContact', { name: contactName(t, request.subject_name) ?? '' })}`}
              {' · '}
              {standsWith(t, request)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
