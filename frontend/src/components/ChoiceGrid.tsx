import type { ReactNode } from 'react'
import styles from './ChoiceGrid.module.css'

export interface Choice {
  value: string
  label: string
  icon?: ReactNode
}

interface Props {
  choices: Choice[]
  label: string
  name: string
  value?: string
  onChange?: (value: string) => void
  columns?: number
  size?: 'large' | 'chip'
  id?: string
}

/** Radio buttons as big tiles or chips for the thumb; arrow keys move as in any radio group. */
export function ChoiceGrid({ choices, label, name, value, onChange, columns = 3, size = 'large', id }: Props) {
  const columnStyle = size === 'large' ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined
  return (
    <div role="radiogroup" aria-label={label} id={id} tabIndex={-1} className={styles[size]} style={columnStyle}>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input
            type="radio"
            className={styles.input}
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange?.(choice.value)}
          />
          <span className={styles.face}>
            {choice.icon && (
              <span aria-hidden className={styles.icon}>
                {choice.icon}
              </span>
            )}
            {choice.label}
          </span>
        </label>
      ))}
    </div>
  )
}
