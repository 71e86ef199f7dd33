import { type ComponentType, createContext, type ReactNode, Suspense, use, useCallback, useMemo, useState } from 'react'

export interface Opening {
  open: boolean
  onClose: () => void
}

export interface Sheets<What> {
  open: (what: What) => void
}

interface Host<What> {
  Host: ComponentType<{ children: ReactNode }>
  useSheets: () => Sheets<What>
}

/** A place that holds the sheets of one kind of record, so that every screen opens the same ones. Each opening is a new form. */
export function sheetHost<What>(Opened: ComponentType<{ what: What } & Opening>): Host<What> {
  const Context = createContext<Sheets<What> | null>(null)
  function useSheets(): Sheets<What> {
    const sheets = use(Context)
    if (!sheets) throw new Error('the host of these sheets is missing')
    return sheets
  }
  function Host({ children }: { children: ReactNode }) {
    const [opened, setOpened] = useState<{ what: What; serial: number } | null>(null)
    const [isOpen, setIsOpen] = useState(false)
    const open = useCallback((what: What) => {
      setOpened((before) => ({ what, serial: (before?.serial ?? 0) + 1 }))
      setIsOpen(true)
    }, [])
    const close = useCallback(() => setIsOpen(false), [])
    const sheets = useMemo(() => ({ open }), [open])
    return (
      <Context value={sheets}>
        {children}
        <Suspense fallback={null}>
          {opened && <Opened key={opened.serial} what={opened.what} open={isOpen} onClose={close} />}
        </Suspense>
      </Context>
    )
  }
  return { Host, useSheets }
}
