import type { ReactNode } from 'react'
import styles from './ChoiceGrid.module.css'

interface Props {
  choices: { value: string; label: string }[]
  label: string
  value: string[]
  onChange: (value: string[]) => void
  id?: string
  /** What stands behind the last chip. */
  children?: ReactNode
}

/** Check boxes as chips for the thumb: any number of them. */
export function CheckChips({ choices, label, value, onChange, id, children }: Props) {
  const toggle = (one: string): void =>
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of chips
    <div role="group" aria-label={label} id={id} tabIndex={-1} className={styles.chip}>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input
            type="checkbox"
            className={styles.input}
            checked={value.includes(choice.value)}
            onChange={() => toggle(choice.value)}
          />
          <span className={styles.face}>{choice.label}</span>
        </label>
      ))}
      {children}
    </div>
  )
}
