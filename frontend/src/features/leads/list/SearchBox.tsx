import { SearchOutlined } from '@ant-design/icons'
import { Input, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsPhone } from '@/lib/media'
import { useKey } from '@/lib/useKey'
import styles from './LeadTools.module.css'

const PAUSE_MS = 300

/** Looks for what was typed after a short pause; "/" puts the cursor there. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const box = useRef<InputRef>(null)
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  const search = useRef(onSearch)
  search.current = onSearch
  if (value !== known) {
    setKnown(value)
    if (value !== typed.trim()) setTyped(value)
  }
  useKey('/', () => box.current?.focus({ cursor: 'all' }))
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => search.current(typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return (
    <Input
      ref={box}
      className={styles.search ?? ''}
      type="search"
      allowClear
      aria-label={t('leads.search')}
      placeholder={t('leads.searchPlaceholder')}
      prefix={<SearchOutlined aria-hidden />}
      suffix={isPhone || typed ? <span /> : <kbd className={styles.key}>/</kbd>}
      value={typed}
      maxLength={50}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => onSearch(typed.trim())}
    />
  )
}
