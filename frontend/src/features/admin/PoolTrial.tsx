import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Moment } from '@/components/Moment'
import { ErrorState } from '@/components/states'
import { useDebounced } from '@/lib/debounced'
import styles from './settings.module.css'
import { poolPreviewQuery } from './settingsApi'

const SHOWN = 5

/** Dry run: which leads the rule on the screen would return to the pool; nothing is stored. */
export function PoolTrial({ regionId, days }: { regionId: string | null; days: number }) {
  const { t } = useTranslation()
  const trial = useQuery(poolPreviewQuery(regionId, useDebounced(days)))
  if (trial.isError) return <ErrorState error={trial.error} onRetry={() => void trial.refetch()} />
  if (!trial.data) return null
  const { now, within_a_week, is_more, items } = trial.data
  return (
    <div role="status">
      <h3 className={styles.name}>{t('pool.trial')}</h3>
      <p className={styles.soft}>{t('pool.trialHelp')}</p>
      {within_a_week === 0 ? (
        <p>{t('pool.trialNone')}</p>
      ) : (
        <table className={styles.trial}>
          <tbody>
            <tr>
              <th scope="row">{t('pool.trialNow')}</th>
              <td>{now}</td>
            </tr>
            <tr>
              <th scope="row">{t('pool.trialWeek')}</th>
              <td>{is_more ? t('pool.more', { count: within_a_week }) : within_a_week}</td>
            </tr>
            {items.slice(0, SHOWN).map((lead) => (
              <tr key={lead.id}>
                <td>
                  <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={styles.link}>
                    {lead.company || lead.contact_name || lead.number}
                  </Link>
                  <div className={styles.soft}>
                    {lead.owner.name} · {t('pool.untouched')} <Moment at={lead.untouched_since} />
                  </div>
                </td>
                <td>
                  <Moment at={lead.returns_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
