import { useTranslation } from 'react-i18next'
import type { SupportCard } from '@/api/types'
import styles from './Support.module.css'

/** Where a request stands; one that was missed says so. */
export function SupportStateTag({ request }: { request: Pick<SupportCard, 'state' | 'missed_at'> }) {
  const { t } = useTranslation()
  const isLate = request.missed_at !== null
  return (
    <span className={`${styles.tag} ${isLate ? styles.late : styles[request.state]}`}>
      {t(`support.states.${request.state}`)}
      {isLate && ` · ${t('support.missed')}`}
    </span>
  )
}
