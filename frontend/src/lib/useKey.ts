import { useEffect, useRef } from 'react'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null)

/** A key of the whole screen; it stays a letter for whoever is typing, and rests while a sheet is open. */
export function useKey(key: string, action: () => void, { withControl = false } = {}): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== key || event.altKey || (event.ctrlKey || event.metaKey) !== withControl) return
      if (!withControl && (isTyping(event.target) || document.querySelector('[role=dialog]'))) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [key, withControl])
}
