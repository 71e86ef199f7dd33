import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { useIsPhone } from '@/lib/media'
import styles from './Board.module.css'

const CARDS = [3, 2, 2, 1, 1]

/** The board before it is there, in the shape that it will have. */
export function BoardSkeleton() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const columns = isPhone ? CARDS.slice(0, 1) : CARDS
  return (
    <div className={isPhone ? undefined : styles.board} role="status" aria-label={t('common.loading')}>
      {columns.map((cards, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={place} className={isPhone ? undefined : styles.column} aria-hidden>
          <div className={styles.head}>
            <Skeleton active title={{ width: '60%' }} paragraph={{ rows: 1, width: '85%' }} />
          </div>
          <div className={isPhone ? undefined : styles.cards}>
            {Array.from({ length: cards }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
              <div key={index} className={styles.ghost}>
                <Skeleton active title={{ width: '70%' }} paragraph={{ rows: 3, width: ['90%', '60%', '75%'] }} />
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
