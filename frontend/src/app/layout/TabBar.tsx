import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CountBadge } from '@/components/CountBadge'
import { tabsFor } from '@/components/nav'
import { useMe } from '@/lib/session'
import styles from './TabBar.module.css'

export function TabBar() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <nav aria-label={t('nav.main')} className={styles.bar}>
      {tabsFor(me).map((item) => (
        <Link key={item.to} to={item.to} className={styles.tab} activeProps={{ className: styles.active }}>
          <span className={styles.icon} aria-hidden>
            {item.icon}
          </span>
          {t(`nav.${item.label}`)}
          {item.count && <CountBadge count={item.count} className={styles.badge} />}
        </Link>
      ))}
    </nav>
  )
}
