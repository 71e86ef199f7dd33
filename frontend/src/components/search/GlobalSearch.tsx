import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { useKey } from '@/lib/useKey'
import { SearchSheet } from './SearchSheet'

const Context = createContext<(() => void) | null>(null)

/** Opens the search over everything; null outside the shell. */
export const useGlobalSearch = (): (() => void) | null => use(Context)

/** Holds the search over everything, which opens from any screen: by its button, or with Ctrl or ⌘ and K. */
export function GlobalSearchHost({ children }: { children: ReactNode }) {
  const [state, setState] = useState({ isOpen: false, serial: 0 })
  const open = useMemo(() => () => setState((before) => ({ isOpen: true, serial: before.serial + 1 })), [])
  useKey('k', open, { withControl: true })
  return (
    <Context value={open}>
      {children}
      {state.serial > 0 && (
        <SearchSheet
          key={state.serial}
          open={state.isOpen}
          onClose={() => setState((before) => ({ ...before, isOpen: false }))}
        />
      )}
    </Context>
  )
}
