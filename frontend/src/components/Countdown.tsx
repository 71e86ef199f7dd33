import { CheckOutlined, ClockCircleOutlined, FireOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useTicking } from '@/lib/ticker'
import { remaining } from '@/lib/time'
import styles from './Countdown.module.css'

const HOUR = 3_600_000

export function spanWords(t: TFunction, due: number, now: number): string {
  const { days, hours, minutes, seconds } = remaining(due, now)
  if (days >= 2) return t('due.daysHours', { days, hours })
  if (days > 0 || hours > 0) return t('due.hoursMinutes', { hours: days * 24 + hours, minutes })
  if (minutes > 0) return t('due.minutesSeconds', { minutes, seconds })
  return t('due.seconds', { seconds })
}

export function countdownWords(t: TFunction, due: number, now: number): string {
  const time = spanWords(t, due, now)
  return due <= now ? t('due.over', { time }) : t('due.left', { time })
}

/** How long is left until a deadline, or how late it is; counts by the server's clock. */
export function Countdown({ dueAt, isDone = false }: { dueAt: string | null; isDone?: boolean }) {
  const { t } = useTranslation()
  const due = dueAt ? Date.parse(dueAt) : Number.NaN
  const words = useTicking((now) => (Number.isNaN(due) ? '' : countdownWords(t, due, now)))
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
