import { useTranslation } from 'react-i18next'
import type { Opportunity } from '@/api/types'
import { Card } from '@/components/Card'
import { Moment } from '@/components/Moment'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { useTicking } from '@/lib/ticker'
import { daysSince } from '@/lib/time'
import styles from './StaysCard.module.css'

/** Every stay in a stage, the present one first: how long, how it came there, why. */
export function StaysCard({ deal }: { deal: Opportunity }) {
  const { t, i18n } = useTranslation()
  const today = useTicking((now) => Math.floor(now / 60_000) * 60_000)
  return (
    <Card title={t('opportunity.history')}>
      <ol className={styles.list}>
        {deal.stays.map((stay) => {
          const until = stay.left_at ? Date.parse(stay.left_at) : today
          const isNow = stay.left_at === null
          return (
            <li key={stay.id} className={`${styles.stay} ${isNow ? styles.isNow : ''}`}>
              <p className={styles.head}>
                <strong>{stageName(stay.stage, asLanguage(i18n.language))}</strong>
                {(stay.stage.kind === 'open' || !isNow) && (
                  <span className="figures">{t('opportunity.days', { count: daysSince(stay.entered_at, until) })}</span>
                )}
              </p>
              <p className={styles.soft}>
                {t(`opportunity.moves.${stay.move}`)} · <Moment at={stay.entered_at} />
                {stay.entered_by && ` · ${stay.entered_by.name}`}
              </p>
              {stay.reason && <p className={styles.soft}>{stay.reason}</p>}
            </li>
          )
        })}
      </ol>
    </Card>
  )
}
