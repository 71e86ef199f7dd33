import { CheckOutlined, ClockCircleOutlined, FireOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { asLanguage } from '@/i18n/i18n'
import { useTicking } from '@/lib/ticker'
import { formatMoment, type Language, remaining } from '@/lib/time'
import styles from './Countdown.module.css'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export function spanWords(t: TFunction, due: number, now: number): string {
  const { days, hours, minutes, seconds } = remaining(due, now)
  if (days >= 2) return t('due.daysHours', { days, hours })
  if (days > 0 || hours > 0) return t('due.hoursMinutes', { hours: days * 24 + hours, minutes })
  if (minutes > 0) return t('due.minutesSeconds', { minutes, seconds })
  return t('due.seconds', { seconds })
}

/** What is left until `due`, how late it is, or from when the limit runs where that moment lies ahead (the clock was set back). */
export function countdownWords(
  t: TFunction,
  language: Language,
  due: number,
  now: number,
  runsFrom: string | null = null,
): string {
  // What has just come lies a moment ahead of a device that knows the server's time by its last answer.
  if (runsFrom && Date.parse(runsFrom) > now + MINUTE)
    return t('due.startsAt', { at: formatMoment(runsFrom, now, language) })
  const time = spanWords(t, due, now)
  return due <= now ? t('due.over', { time }) : t('due.left', { time })
}

interface Props {
  dueAt: string | null
  /** When the limit began. */
  runsFrom?: string | null
  isDone?: boolean
}

/** How long is left until a deadline, or how late it is; counts by the server's clock. */
export function Countdown({ dueAt, runsFrom = null, isDone = false }: Props) {
  const { t, i18n } = useTranslation()
  const due = dueAt ? Date.parse(dueAt) : Number.NaN
  const words = useTicking((now) =>
    Number.isNaN(due) ? '' : countdownWords(t, asLanguage(i18n.language), due, now, runsFrom),
  )
  const tone = useTicking((now) => (due <= now ? 'late' : due - now < 12 * HOUR ? 'soon' : 'calm'))
  if (isDone) {
    return (
      <span className={`${styles.countdown} ${styles.done}`}>
        <CheckOutlined aria-hidden /> {t('due.done')}
      </span>
    )
  }
  if (!words) return null
  return (
    <span className={`${styles.countdown} ${styles[tone]} figures`} role="timer">
      {tone === 'late' ? <FireOutlined aria-hidden /> : <ClockCircleOutlined aria-hidden />} {words}
    </span>
  )
}
