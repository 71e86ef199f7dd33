import { RightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { CalendarDay } from '@/api/types'
import { asLanguage } from '@/i18n/i18n'
import styles from './CalendarPage.module.css'
import { dayTitle } from './calendarMonth'

/** The month's exceptions in words, with who says so: the cells of a phone are too small for them. */
export function ExceptionList({ days, onOpen }: { days: CalendarDay[]; onOpen: (date: string) => void }) {
  const { t, i18n } = useTranslation()
  if (days.length === 0) return <p className={styles.nothing}>{t('calendar.nothing')}</p>
  return (
    <ul className={styles.list}>
      {days.map((day) => (
        <li key={day.date}>
          <button type="button" className={styles.row} onClick={() => onOpen(day.date)}>
            <span className={`${styles.tag} ${day.is_workday ? styles.worked : styles.off}`}>
              {t(day.is_workday ? 'calendar.worked' : 'calendar.off')}
            </span>
            <span className={styles.rowWords}>
              {dayTitle(day.date, asLanguage(i18n.language))}
              {day.name && ` · ${day.name}`}
            </span>
            <span className={styles.source}>{t(`calendar.sources.${day.source}`)}</span>
            <RightOutlined aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
