import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type LeadQuery, leadCountQuery } from '@/api/leads'
import styles from './LeadTools.module.css'

/** How many there are; a large number is not counted to its end. */
export function LeadCount({ query }: { query: LeadQuery }) {
  const { t } = useTranslation()
  const counted = useQuery(leadCountQuery(query))
  const words = counted.data
    ? counted.data.is_more
      ? t('leads.countMore', { number: counted.data.count })
      : t('leads.count', { count: counted.data.count })
    : ''
  return (
    <p className={styles.count} role="status">
      {words}
    </p>
  )
}
