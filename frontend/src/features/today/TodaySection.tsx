import { useTranslation } from 'react-i18next'
import type { Today } from '@/api/types'
import { KIND_LOOK } from './kindLook'
import { scriptOf } from './script'
import { itemId, type Section } from './sections'
import { TodayCard } from './TodayCard'
import styles from './TodaySection.module.css'

export function TodaySection({ section, today }: { section: Section; today: Today }) {
  const { t } = useTranslation()
  const { icon, tone } = KIND_LOOK[section.kind]
  const isArrived = section.kind === 'arrived'
  const title = section.kind === 'arrived' ? t('today.arrived') : t(`today.kind.${section.kind}`)
  const hint = section.kind === 'arrived' ? t('today.hint.new_lead') : t(`today.hint.${section.kind}`)
  const headingId = `section-${section.kind}`
  return (
    <section aria-labelledby={headingId} className={styles.section}>
      <h2 id={headingId} className={styles.title}>
        <span className={`${styles.icon} ${styles[tone]}`} aria-hidden>
          {icon}
        </span>
        {title}
        <span className={`${styles.count} figures`}>{section.items.length}</span>
        <span className={styles.hint}>{hint}</span>
      </h2>
      <ul className={styles.cards}>
        {section.items.map((item) => (
          <li key={itemId(item)} className={isArrived ? styles.arriving : undefined}>
            <TodayCard item={item} tone={tone} words={scriptOf(today, item)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
