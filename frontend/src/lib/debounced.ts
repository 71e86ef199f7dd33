import { useEffect, useState } from 'react'

/** The value as it was once nothing has changed for a moment: for questions that follow the typing. */
export function useDebounced<T>(value: T, ms = 350): T {
  const text = JSON.stringify(value)
  const [calm, setCalm] = useState({ value, text })
  useEffect(() => {
    if (calm.text === text) return
    const timer = setTimeout(() => setCalm({ value, text }), ms)
    return () => clearTimeout(timer)
  }, [value, text, ms, calm.text])
  return calm.value
}
