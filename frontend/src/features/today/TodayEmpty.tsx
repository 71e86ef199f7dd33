import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/states'
import { keepsLeads, scopesOf, useMe } from '@/lib/session'
import styles from './TodayEmpty.module.css'

export function TodayEmpty() {
  const { t } = useTranslation()
  const me = useMe()
  const action = scopesOf(me).length > 0 && (
    <Link to="/leads" search={{ state: 'following' }} className={styles.link}>
      {t('today.emptyAction')}
    </Link>
  )
  return (
    <EmptyState
      title={t('today.emptyTitle')}
      text={keepsLeads(me) ? t('today.emptyText') : t('today.emptyTextNoLeads')}
      action={action}
    />
  )
}
