import { Input } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { serverNow } from '@/lib/serverClock'
import { isoToWallTime } from '@/lib/time'

/** What happened longer ago is not logged any more; the server says the same. */
export const LOGGED_LATE_DAYS = 30
const WALL = 'YYYY-MM-DDTHH:mm'

interface Props {
  /** Wall time of the company; none is now. */
  value?: string | null
  onChange?: (wall: string | null) => void
  id?: string
}

/** When it happened: today, or an earlier day at the same time of day. */
export function WhenPicker({ value = null, onChange, id }: Props) {
  const { t } = useTranslation()
  const [now] = useState(() => isoToWallTime(new Date(serverNow()).toISOString()))
  const ago = (days: number): string => dayjs(now).subtract(days, 'day').format(WALL)
  const walls: Record<string, string | null> = { today: null, yesterday: ago(1), before: ago(2) }
  const [isOther, setOther] = useState(false)
  const known = Object.keys(walls).find((key) => walls[key] === value)
  const chosen = isOther || !known ? 'other' : known
  const choose = (key: string): void => {
    setOther(key === 'other')
    onChange?.(key === 'other' ? (value ?? ago(3)) : (walls[key] ?? null))
  }
  return (
    <div id={id}>
      <ChoiceGrid
        size="chip"
        name="when"
        label={t('followUp.when')}
        value={chosen}
        onChange={choose}
        choices={(['today', 'yesterday', 'before', 'other'] as const).map((key) => ({
          value: key,
          label: t(`followUp.days.${key}`),
        }))}
      />
      {chosen === 'other' && (
        <>
          <Input
            type="datetime-local"
            aria-label={t('followUp.when')}
            style={{ marginTop: 10 }}
            min={ago(LOGGED_LATE_DAYS)}
            max={now}
            value={value ?? ''}
            onChange={(event) => onChange?.(event.target.value || null)}
          />
          <small>{t('followUp.lateLimit', { count: LOGGED_LATE_DAYS })}</small>
        </>
      )}
    </div>
  )
}
