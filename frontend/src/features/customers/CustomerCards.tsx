import { RightOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { CustomerCard } from '@/api/types'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import { FactLine } from '@/components/FactLine'
import styles from '@/components/ListCards.module.css'
import { Moment } from '@/components/Moment'
import { placeName } from '@/lib/places'

/** The list on the phone: one customer a card, the whole card opens it. */
export function CustomerCards({ customers }: { customers: CustomerCard[] }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.list}>
      {customers.map((customer) => (
        <li key={customer.id} className={styles.card}>
          <div className={styles.top}>
            <Link to="/customers/$customerId" params={{ customerId: customer.id }} className={styles.name}>
              {customer.name}
            </Link>
            <RightOutlined aria-hidden className={styles.arrow} />
          </div>
          <FactLine facts={[customer.contact, placeName(customer.province, customer.city), customer.industry]} />
          <div className={styles.marks}>
            <CustomerMarks customer={customer} />
          </div>
          <p className={styles.small}>
            {[customer.owner.name, customer.backup_owner?.name].filter(Boolean).join(t('common.listSeparator'))} ·{' '}
            <Moment at={customer.last_activity_at} />
          </p>
        </li>
      ))}
    </ul>
  )
}
