import { BarChartOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { supportPerformanceQuery } from '@/api/support'
import type { SupportPerformance } from '@/api/types'
import { Card } from '@/components/Card'
import columns from '@/components/Columns.module.css'
import { Moment } from '@/components/Moment'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import styles from './PerformanceList.module.css'

/** How the promises of the engineers were kept, month by month, and every one that was not. */
export function PerformanceList() {
  const { t } = useTranslation()
  const performance = useQuery(supportPerformanceQuery)
  if (performance.isPending) return <CardSkeletons count={2} />
  if (performance.isError) return <ErrorState error={performance.error} onRetry={() => void performance.refetch()} />
  const { engineers, misses } = performance.data
  if (engineers.length === 0)
    return (
      <EmptyState
        icon={<BarChartOutlined aria-hidden />}
        title={t('support.noEngineers')}
        text={t('support.noEngineersText')}
      />
    )
  return (
    <div className={columns.stack}>
      {engineers.map((one) => (
        <Months key={one.engineer.id} record={one} />
      ))}
      {misses.length > 0 && <Misses misses={misses} />}
    </div>
  )
}

function Months({ record }: { record: SupportPerformance['engineers'][number] }) {
  const { t } = useTranslation()
  return (
    <Card title={record.engineer.name}>
      <p className={styles.soft}>{t('support.open', { count: record.open_requests })}</p>
      {record.months.length === 0 ? (
        <p className={styles.soft}>{t('support.noMonths')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              {(['month', 'hitRate', 'kept', 'missedCount', 'late'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`support.columns.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="figures">
            {record.months.map((month) => (
              <tr key={month.month}>
                <th scope="row">{month.month}</th>
                <td>{month.hit_rate === null ? '' : `${Math.round(month.hit_rate * 100)}%`}</td>
                <td>{month.kept}</td>
                <td>{month.missed}</td>
                <td>{month.late_minutes === 0 ? '' : hours(month.late_minutes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

function Misses({ misses }: { misses: SupportPerformance['misses'] }) {
  const { t } = useTranslation()
  return (
    <Card title={t('support.misses')}>
      <ul className={styles.list}>
        {misses.map((miss) => (
          <li key={miss.id}>
            <Link to="/support/$requestId" params={{ requestId: miss.request_id }}>
              {miss.number}
            </Link>{' '}
            · {miss.engineer.name} · {t('support.dueAt')} <Moment at={miss.due_at} /> ·{' '}
            {miss.late_minutes === null
              ? t('support.unanswered')
              : t('support.lateBy', { hours: hours(miss.late_minutes) })}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** Of working time; an answer in the evening after is none of it. */
const hours = (minutes: number): string => (minutes < 6 ? '<0.1' : (minutes / 60).toFixed(1))
