import type { ReactNode } from 'react'
import { Card } from './Card'
import styles from './Facts.module.css'

/** What is known, name by name; what is not known is left out. */
export function Facts({ title, facts }: { title: string; facts: [string, ReactNode][] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return (
    <Card title={title}>
      <dl className={styles.facts}>
        {known.map(([label, value]) => (
          <div key={label} className={styles.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
