import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import styles from './FollowUpSheet.module.css'

const OTHER = 'other'

interface Props {
  /** Places that are likely. */
  places: string[]
  value?: string
  onChange?: (place: string) => void
  id?: string
}

/** Where one met: one tap for the usual places, a field for any other. */
export function PlacePicker({ places, value = '', onChange, id }: Props) {
  const { t } = useTranslation()
  const [isOther, setOther] = useState(value !== '' && !places.includes(value))
  const choose = (place: string): void => {
    setOther(place === OTHER)
    onChange?.(place === OTHER ? '' : place)
  }
  return (
    <div id={id} className={styles.people}>
      <ChoiceGrid
        size="chip"
        name="place"
        label={t('followUp.usualPlaces')}
        value={isOther ? OTHER : value}
        onChange={choose}
        choices={[
          ...places.map((place) => ({ value: place, label: place })),
          { value: OTHER, label: t('followUp.placeOther') },
        ]}
      />
      {isOther && (
        <Input
          autoFocus
          maxLength={200}
          aria-label={t('followUp.place')}
          value={value}
          onChange={(event) => onChange?.(event.target.value)}
        />
      )}
    </div>
  )
}
