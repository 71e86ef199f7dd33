import { useTranslation } from 'react-i18next'
import { toDoCount } from '@/api/today'
import type { Today, TodayKind } from '@/api/types'
import styles from './KindFilter.module.css'
import { KIND_LOOK } from './kindLook'
import { KINDS } from './sections'

interface Props {
  today: Today
  only: TodayKind | null
  onChange: (only: TodayKind | null) => void
}

/** How much of each kind waits; a figure opens its list. */
export function KindFilter({ today, only, onChange }: Props) {
  const { t } = useTranslation()
  const counted = KINDS.map((kind) => ({ kind, count: today.counts[kind] ?? 0 }))
  return (
    <fieldset className={styles.filter}>
      <legend className="visually-hidden">{t('today.sections')}</legend>
      <button type="button" className={styles.choice} aria-pressed={only === null} onClick={() => onChange(null)}>
        {t('today.all')} <span className={`${styles.count} figures`}>{toDoCount(today)}</span>
      </button>
      {counted.map(({ kind, count }) => (
        <button
          key={kind}
          type="button"
          className={`${styles.choice} ${styles[KIND_LOOK[kind].tone]}`}
          aria-pressed={only === kind}
          disabled={count === 0 && only !== kind}
          onClick={() => onChange(only === kind ? null : kind)}
        >
          <span className={styles.icon} aria-hidden>
            {KIND_LOOK[kind].icon}
          </span>
          {t(`today.kind.${kind}`)} <span className={`${styles.count} figures`}>{count}</span>
        </button>
      ))}
    </fieldset>
  )
}
