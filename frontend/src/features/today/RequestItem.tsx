import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ChangeRequest } from '@/api/types'
import { changeWords } from '@/components/customer/changeWords'
import { FactLine } from '@/components/FactLine'
import { Moment } from '@/components/Moment'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whyWords } from './why'

/** A change that waits for this person's word; the whole story is one tap away. */
export function RequestItem({ item, request, tone }: ItemProps & { request: ChangeRequest }) {
  const { t } = useTranslation()
  const facts = request.changes.map((change) => {
    const words = changeWords(t, request.subject_type, change.field, change)
    return `${words.label} → ${words.new}`
  })
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/change-requests/$requestId" params={{ requestId: request.id }} className={styles.link}>
              {request.customer?.name ?? t('change.customerHidden')}
            </Link>
          </h3>
        </div>
        <FactLine facts={facts} className={styles.facts} />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)} ·{' '}
          <span className={styles.when}>
            <Moment at={request.requested_at} />
          </span>
        </p>
      </div>
      <div className={styles.actions}>
        <Link to="/change-requests/$requestId" params={{ requestId: request.id }}>
          {t('change.approve')} / {t('change.reject')}
        </Link>
      </div>
    </article>
  )
}
