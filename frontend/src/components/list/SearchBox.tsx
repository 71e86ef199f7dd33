import { SearchOutlined } from '@ant-design/icons'
import { Input, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useIsPhone } from '@/lib/media'
import { useKey } from '@/lib/useKey'
import styles from './ListTools.module.css'

const PAUSE_MS = 300

interface Props {
  value: string
  label: string
  placeholder: string
  onSearch: (q: string) => void
}

/** Looks for what was typed after a short pause; "/" puts the cursor there. */
export function SearchBox({ value, label, placeholder, onSearch }: Props) {
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
      aria-label={label}
      placeholder={placeholder}
      prefix={<SearchOutlined aria-hidden />}
      suffix={isPhone || typed ? <span /> : <kbd className={styles.key}>/</kbd>}
      value={typed}
      maxLength={50}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => onSearch(typed.trim())}
    />
  )
}
