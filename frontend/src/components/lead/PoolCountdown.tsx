import { RollbackOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { poolDays } from '@/lib/poolDays'
import { useTicking } from '@/lib/ticker'
import styles from './PoolCountdown.module.css'

/** In lists the pool is named where it comes near. */
export const SHOWN_WITHIN = 14
const SOON = 3

/** In how many days a lead that nobody touches goes back to the pool. */
export function PoolCountdown({ at, within = Number.POSITIVE_INFINITY }: { at: string | null; within?: number }) {
  const { t } = useTranslation()
  const days = useTicking((now) => (at ? poolDays(at, now) : -1))
  if (days < 0 || days > within) return null
  return (
    <span className={`${styles.pool} ${days <= SOON ? styles.soon : ''} figures`}>
      <RollbackOutlined aria-hidden /> {days === 0 ? t('pool.dueNow') : t('pool.daysLeft', { count: days })}
    </span>
  )
}
