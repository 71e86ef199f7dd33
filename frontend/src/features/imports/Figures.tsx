import { useTranslation } from 'react-i18next'
import styles from './imports.module.css'

type Name = 'ready' | 'duplicates' | 'problems' | 'created' | 'joined' | 'updated' | 'unchanged' | 'undone'

/** Counts side by side; the name tells what each is, not its colour. */
export function Figures({ figures }: { figures: Partial<Record<Name, number>> }) {
  const { t } = useTranslation()
  return (
    <dl className={styles.counts}>
      {(Object.entries(figures) as [Name, number][]).map(([name, count]) => (
        <div key={name} className={styles.count}>
          <dt>{t(`imports.figures.${name}`)}</dt>
          <dd className="figures">{count}</dd>
        </div>
      ))}
    </dl>
  )
}
