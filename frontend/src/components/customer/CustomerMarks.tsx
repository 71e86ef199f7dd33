import { InboxOutlined, StarFilled, WarningOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { CustomerCard } from '@/api/types'
import styles from './CustomerMarks.module.css'

/** What sets a customer apart, each in words and as a shape. */
export function CustomerMarks({ customer }: { customer: Pick<CustomerCard, 'is_key' | 'lacks_backup' | 'state'> }) {
  const { t } = useTranslation()
  return (
    <>
      {customer.is_key && (
        <span className={`${styles.mark} ${styles.key}`}>
          <StarFilled aria-hidden /> {t('customer.key')}
        </span>
      )}
      {customer.lacks_backup && (
        <span className={`${styles.mark} ${styles.warning}`}>
          <WarningOutlined aria-hidden /> {t('customer.lacksBackup')}
        </span>
      )}
      {customer.state === 'archived' && (
        <span className={`${styles.mark} ${styles.archived}`}>
          <InboxOutlined aria-hidden /> {t('customer.states.archived')}
        </span>
      )}
    </>
  )
}
