import { useTranslation } from 'react-i18next'
import type { BoardColumn } from '@/api/types'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import styles from './Board.module.css'

/** A forecast is no bill: it is told without the hundredths. */
const whole = (amount: string): string => amount.split('.')[0] ?? amount

/** A stage with how many stand in it, their amounts, and these by the expected win rate. */
export function ColumnHead({ column, id }: { column: BoardColumn; id: string }) {
  const { t, i18n } = useTranslation()
  const isClosed = column.stage.kind === 'closed'
  return (
    <header className={styles.head}>
      <h2 id={id} className={styles.name} title={isClosed ? t('board.closedHelp') : undefined}>
        <span>
          {stageName(column.stage, asLanguage(i18n.language))}
          {!column.is_active && <small className={styles.out}>{t('board.outOfUse')}</small>}
        </span>
        <span className={`${styles.count} figures`}>{column.count}</span>
      </h2>
      {column.sums.map((sum) => (
        <p key={sum.currency} className={`${styles.sum} figures`}>
          <span>{money(sum.amount, sum.currency)}</span>
          {!isClosed && (
            <span title={t('board.weightedHelp')}>
              {t('board.weighted')} {money(whole(sum.weighted), sum.currency)}
            </span>
          )}
        </p>
      ))}
    </header>
  )
}
