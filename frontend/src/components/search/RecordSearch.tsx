import { SearchOutlined } from '@ant-design/icons'
import { Input, type InputRef } from 'antd'
import { type KeyboardEvent, type Ref, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchHit } from './hits'
import styles from './SearchSheet.module.css'
import { useRecordHits } from './useRecordHits'

interface Props {
  ref?: Ref<InputRef>
  label: string
  typed: string
  onType: (typed: string) => void
  isOn: boolean
  onChoose: (hit: SearchHit) => void
}

/** One box over everything that the person may see; arrows choose, Enter takes. */
export function RecordSearch({ ref, label, typed, onType, isOn, onChoose }: Props) {
  const { t } = useTranslation()
  const listId = useId()
  const [place, setPlace] = useState(0)
  const { hits, said } = useRecordHits(typed, isOn)
  const chosen = hits[Math.min(place, hits.length - 1)]
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && chosen) onChoose(chosen)
    if (!step || hits.length === 0) return
    event.preventDefault()
    setPlace((Math.min(place, hits.length - 1) + step + hits.length) % hits.length)
  }
  return (
    <>
      <Input
        {...(ref ? { ref } : {})}
        size="large"
        role="combobox"
        aria-label={label}
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(chosen ? { 'aria-activedescendant': `${listId}-${chosen.id}` } : {})}
        placeholder={t('leads.searchPlaceholder')}
        prefix={<SearchOutlined aria-hidden />}
        value={typed}
        maxLength={50}
        onChange={(event) => {
          onType(event.target.value)
          setPlace(0)
        }}
        onKeyDown={press}
      />
      <p className={styles.said} role="status">
        {said}
      </p>
      {hits.length > 0 && (
        <div id={listId} role="listbox" aria-label={t('search.results')} className={styles.hits}>
          {hits.map((hit) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the focus and the keys
            <div
              key={hit.id}
              id={`${listId}-${hit.id}`}
              role="option"
              aria-selected={hit === chosen}
              tabIndex={-1}
              className={styles.hit}
              onClick={() => onChoose(hit)}
            >
              <strong>{hit.name}</strong>
              <span className={styles.soft}>{hit.line}</span>
            </div>
          ))}
        </div>
      )}
    </>
  )
}
