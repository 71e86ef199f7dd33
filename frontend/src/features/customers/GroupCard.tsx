import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Customer, CustomerRef } from '@/api/types'
import { Card } from '@/components/Card'
import styles from './GroupCard.module.css'

/** The companies above and below, as far as they can be seen. */
export function GroupCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const { parent, children } = customer
  if (!parent && children.length === 0) return null
  return (
    <Card title={t('customer.group')}>
      {parent && <Group title={t('customer.parent')} companies={[parent]} />}
      {children.length > 0 && <Group title={t('customer.children')} companies={children} />}
    </Card>
  )
}

function Group({ title, companies }: { title: string; companies: CustomerRef[] }) {
  return (
    <div className={styles.group}>
      <p className={styles.title}>{title}</p>
      <ul>
        {companies.map(({ id, name }) => (
          <li key={id}>
            <Link to="/customers/$customerId" params={{ customerId: id }}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
