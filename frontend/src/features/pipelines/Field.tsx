import { type ReactNode, useId } from 'react'
import { useFault } from './faults'
import styles from './pipelines.module.css'

interface Props {
  label: string
  /** Its place in the pipeline, by which the server names what is wrong. */
  path: string
  help?: string
  within?: boolean
  children: (control: { id: string; status: '' | 'error'; 'aria-describedby'?: string }) => ReactNode
}

/** A labelled control with its help, or with what is wrong with it. */
export function Field({ label, path, help, within = false, children }: Props) {
  const id = useId()
  const fault = useFault(path, within)
  const said = fault ?? help
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children({ id, status: fault ? 'error' : '', ...(said ? { 'aria-describedby': `${id}-said` } : {}) })}
      {said && (
        <p id={`${id}-said`} className={fault ? styles.fault : styles.soft} {...(fault ? { role: 'alert' } : {})}>
          {said}
        </p>
      )}
    </div>
  )
}
