import { useTranslation } from 'react-i18next'
import type { Dashboard } from '@/api/types'
import { asLanguage } from '@/i18n/i18n'
import type { Behind } from '@/lib/dashboardSearch'
import styles from './dashboard.module.css'
import { DealsFigure } from './Figure'
import { allShort, together } from './figures'

/** The whole funnel in four figures. */
export function Headlines({ figures, behind }: { figures: Dashboard; behind: Behind }) {
  const { t, i18n } = useTranslation()
  const language = asLanguage(i18n.language)
  const { stages, won, lost } = figures
  const heads = [
    {
      name: t('dashboard.openNow'),
      figure: stages.reduce((sum, { count }) => sum + count, 0),
      more: allShort(t, together(stages, 'amount'), language),
      search: behind.open(stages.map(({ stage }) => stage.id)),
    },
    {
      name: t('dashboard.wonInPeriod'),
      figure: won.count,
      more: allShort(t, won.amounts, language),
      search: behind.closed('won'),
    },
    {
      name: t('dashboard.lostInPeriod'),
      figure: lost.count,
      more: allShort(t, lost.amounts, language),
      search: behind.closed('lost'),
    },
  ]
  return (
    <dl className={styles.heads}>
      {heads.map(({ name, figure, more, search }) => (
        <div key={name} className={styles.headline}>
          <dt>{name}</dt>
          <dd>
            <DealsFigure of={name} search={search}>
              {figure}
            </DealsFigure>
            <small className="figures">{more || '—'}</small>
          </dd>
        </div>
      ))}
      <div className={styles.headline}>
        <dt>{t('dashboard.weightedNow')}</dt>
        <dd className="figures">{allShort(t, together(stages, 'weighted'), language) || '—'}</dd>
      </div>
    </dl>
  )
}
