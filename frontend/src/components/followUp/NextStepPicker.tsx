import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { serverNow } from '@/lib/serverClock'
import { isoToWallTime, nextStepChoices } from '@/lib/time'

interface Props {
  /** Wall time of the company, or null for no next step. */
  value?: string | null
  onChange?: (value: string | null) => void
  id?: string
}

/** One tap for the usual moments; a field for any other. */
export function NextStepPicker({ value = null, onChange, id }: Props) {
  const { t } = useTranslation()
  const [choices] = useState(() => nextStepChoices(serverNow()))
  const [isOther, setOther] = useState(false)
  const chosen = isOther
    ? 'other'
    : (choices.find((choice) => choice.wall === value)?.key ?? (value ? 'other' : 'none'))
  const choose = (key: string): void => {
    setOther(key === 'other')
    const wall = choices.find((choice) => choice.key === key)?.wall
    onChange?.(key === 'none' ? null : (wall ?? value))
  }
  return (
    <div id={id}>
      <ChoiceGrid
        size="chip"
        name="next-step"
        label={t('followUp.next')}
        value={chosen}
        onChange={choose}
        choices={[
          { value: 'none', label: t('followUp.nextNone') },
          ...choices.map(({ key }) => ({ value: key, label: t(`followUp.choices.${key}`) })),
          { value: 'other', label: t('followUp.pickTime') },
        ]}
      />
      {chosen === 'other' && (
        <Input
          type="datetime-local"
          aria-label={t('followUp.nextAt')}
          style={{ marginTop: 10 }}
          min={isoToWallTime(new Date(serverNow()).toISOString())}
          value={value ?? ''}
          onChange={(event) => onChange?.(event.target.value || null)}
        />
      )}
    </div>
  )
}
