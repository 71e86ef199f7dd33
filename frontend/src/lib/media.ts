import { useSyncExternalStore } from 'react'

interface Media {
  subscribe: (listener: () => void) => () => void
  matches: () => boolean
}

function media(query: string): Media {
  return {
    subscribe: (listener) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    matches: () => window.matchMedia(query).matches,
  }
}

const phone = media('(max-width: 767.98px)')
const still = media('(prefers-reduced-motion: reduce)')

export const useIsPhone = (): boolean => useSyncExternalStore(phone.subscribe, phone.matches)

/** The person has asked the device for less motion. */
export const isStill = still.matches
export const useIsStill = (): boolean => useSyncExternalStore(still.subscribe, still.matches)
