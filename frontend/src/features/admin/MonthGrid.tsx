import { useTranslation } from 'react-i18next'
import { asLanguage } from '@/i18n/i18n'
import styles from './CalendarPage.module.css'
import { dayTitle, type MonthDay, weekdayNames } from './calendarMonth'

interface Props {
  weeks: (MonthDay | null)[][]
  today: string
  onOpen: (date: string) => void
}

export function MonthGrid({ weeks, today, onOpen }: Props) {
  const { i18n } = useTranslation()
  return (
    <table className={styles.grid}>
      <thead>
        <tr>
          {weekdayNames(asLanguage(i18n.language)).map(({ short, long }) => (
            <th key={long} scope="col" abbr={long}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, index) => (
          <tr key={week.find((cell) => cell !== null)?.date ?? index}>
            {week.map((cell, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the week is its identity
              <td key={place}>
                {cell && <Day day={cell} isToday={cell.date === today} onOpen={() => onOpen(cell.date)} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Day({ day, isToday, onOpen }: { day: MonthDay; isToday: boolean; onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  const { exception } = day
  const state = t(day.isWorkday ? 'calendar.worked' : 'calendar.off')
  const words = [dayTitle(day.date, asLanguage(i18n.language)), state, exception?.name].filter(Boolean).join(' ')
  const look = exception ? (day.isWorkday ? styles.worked : styles.off) : day.isWorkday ? '' : styles.weekend
  return (
    <button
      type="button"
      className={`${styles.day} ${look} ${isToday ? styles.today : ''}`}
      aria-current={isToday ? 'date' : undefined}
      onClick={onOpen}
    >
      <span className="visually-hidden">{words}</span>
      <span className={styles.number} aria-hidden>
        {day.day}
      </span>
      {exception && (
        <span className={styles.mark} aria-hidden>
          {t(day.isWorkday ? 'calendar.workedMark' : 'calendar.offMark')}
        </span>
      )}
      {exception?.name && (
        <span className={styles.name} aria-hidden>
          {exception.name}
        </span>
      )}
    </button>
  )
}
