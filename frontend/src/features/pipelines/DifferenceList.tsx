import type { Difference } from './differences'
import styles from './pipelines.module.css'

/** Differences stage by stage, in sentences. */
export function DifferenceList({ found }: { found: Difference[] }) {
  return (
    <ul className={styles.differences}>
      {found.map(({ key, title, lines }) => (
        <li key={key}>
          <strong>{title}</strong>
          {lines.length > 0 && (
            <ul>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  )
}
