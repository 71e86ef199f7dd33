import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './ListTools.module.css'

export interface Chip {
  name: string
  words: string
}

/** What narrows the list, each with its way out. */
export function FilterChips({ chips, onRemove }: { chips: Chip[]; onRemove: (name: string) => void }) {
  const { t } = useTranslation()
  if (chips.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={t('leads.filter')}>
      {chips.map(({ name, words }) => (
        <li key={name}>
          <Tag
            closable={{ 'aria-label': t('leads.removeFilter', { filter: words }) }}
            onClose={(event) => {
              event.preventDefault()
              onRemove(name)
            }}
          >
            {words}
          </Tag>
        </li>
      ))}
    </ul>
  )
}
