import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { trayCountQuery } from '@/api/emails'
import { summaryQuery } from '@/api/notifications'
import { submissionSummaryQuery } from '@/api/submissions'
import { toDoCount, todayQuery } from '@/api/today'
import styles from './CountBadge.module.css'
import type { NavCount } from './nav'

export function CountBadge({ count, className }: { count: NavCount; className?: string | undefined }) {
  if (count === 'tray') return <TrayCount className={className} />
  if (count === 'quarantine') return <QuarantineCount className={className} />
  return count === 'today' ? <TodayCount className={className} /> : <UnreadCount className={className} />
}

function TodayCount({ className }: { className?: string | undefined }) {
  const { t } = useTranslation()
  const { data } = useQuery(todayQuery)
  const count = data ? toDoCount(data) : 0
  return <Figure count={count} words={t('today.summary', { count })} className={className} />
}

function UnreadCount({ className }: { className?: string | undefined }) {
  const { t } = useTranslation()
  const { data } = useQuery(summaryQuery)
  const count = data?.unread ?? 0
  return <Figure count={count} words={t('nav.unread', { count })} className={className} />
}

function QuarantineCount({ className }: { className?: string | undefined }) {
  const { t } = useTranslation()
  const { data } = useQuery(submissionSummaryQuery)
  const count = data?.quarantined ?? 0
  return <Figure count={count} words={t('nav.quarantined', { count })} className={className} />
}

function TrayCount({ className }: { className?: string | undefined }) {
  const { t } = useTranslation()
  const { data } = useQuery(trayCountQuery)
  const count = data?.sorting ?? 0
  return <Figure count={count} words={t('mail.tray.waiting', { count })} className={className} />
}

function Figure({ count, words, className }: { count: number; words: string; className?: string | undefined }) {
  if (count === 0) return null
  return (
    <span className={`${styles.badge} ${className ?? ''} figures`}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
