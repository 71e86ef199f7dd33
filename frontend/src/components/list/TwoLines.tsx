import type { ReactNode } from 'react'
import styles from './ListTable.module.css'

/** What a cell says, and in a softer line below what belongs to it. */
export function TwoLines({ children, second }: { children?: ReactNode; second?: ReactNode }) {
  return (
    <>
      {children}
      {second && <div className={styles.soft}>{second}</div>}
    </>
  )
}
