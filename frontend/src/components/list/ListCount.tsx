import { useTranslation } from 'react-i18next'
import type { ListCount as Counted } from '@/api/types'
import styles from './ListTools.module.css'

/** How many there are; a large number is not counted to its end. */
export function ListCount({ counted }: { counted: Counted | undefined }) {
  const { t } = useTranslation()
  const words = counted
    ? counted.is_more
      ? t('list.countMore', { number: counted.count })
      : t('list.count', { count: counted.count })
    : ''
  return (
    <p className={styles.count} role="status">
      {words}
    </p>
  )
}
