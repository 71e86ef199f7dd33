import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SupportCard } from '@/api/types'
import { Countdown } from '@/components/Countdown'
import { FactLine } from '@/components/FactLine'
import { recordName } from '@/components/support/supportWords'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whyWords } from './why'

/** A request for an initial proposal that waits for this engineer. */
export function SupportItem({ item, request, tone }: ItemProps & { request: SupportCard }) {
  const { t } = useTranslation()
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/support/$requestId" params={{ requestId: request.id }} className={styles.link}>
              {recordName(request)}
            </Link>
          </h3>
          <Countdown dueAt={request.due_at} />
        </div>
        <FactLine facts={[request.customer?.name, request.number]} className={styles.facts} />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)}
        </p>
      </div>
      <div className={styles.actions}>
        <Link to="/support/$requestId" params={{ requestId: request.id }}>
          {t('support.answer')}
        </Link>
      </div>
    </article>
  )
}
