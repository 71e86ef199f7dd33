import { Fragment } from 'react'
import styles from './FactLine.module.css'

/** Short facts with dots between; a line breaks between facts, not inside them. */
export function FactLine({
  facts,
  className,
}: {
  facts: (string | null | undefined)[]
  className?: string | undefined
}) {
  const said = facts.filter((fact): fact is string => Boolean(fact))
  return (
    <p className={className}>
      {said.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' '}
          <span className={styles.fact}>{index < said.length - 1 ? `${fact} ·` : fact}</span>
        </Fragment>
      ))}
    </p>
  )
}
