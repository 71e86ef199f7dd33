import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TodayNotice } from '@/api/types'
import { word } from '@/lib/words'
import styles from './TodayNotices.module.css'

const PLACES = { calendar_year_missing: '/admin/calendar', dead_events: '/admin/events' } as const

/** What the installation needs from whoever looks after it, with the way to mend it. */
export function TodayNotices({ notices }: { notices: TodayNotice[] }) {
  const { t } = useTranslation()
  if (notices.length === 0) return null
  return (
    <section className={styles.notices} aria-label={t('today.notices')}>
      {notices.map(({ code, params }) => (
        <Alert
          key={`${code} ${params.year ?? ''}`}
          type="warning"
          showIcon
          title={word(t, `today.notice.${code}.title`, '', params)}
          description={word(t, `today.notice.${code}.text`, '', params)}
          action={<Link to={PLACES[code]}>{t(`today.notice.${code}.action`)}</Link>}
        />
      ))}
    </section>
  )
}
