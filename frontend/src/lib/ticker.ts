import { useSyncExternalStore } from 'react'
import { serverNow } from './serverClock'

// One timer for every countdown on the screen; it rests while nothing counts.
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const tick of listeners) tick()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** A value computed from the present moment; renders again only when the value changes. */
export function useTicking<T extends string | number | boolean>(compute: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => compute(serverNow()))
}
