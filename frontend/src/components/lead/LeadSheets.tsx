import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useMemo, useState } from 'react'
import type { LeadCard } from '@/api/types'

const FollowUpSheet = lazy(() => import('./FollowUpSheet').then((module) => ({ default: module.FollowUpSheet })))
const TakeOverSheet = lazy(() => import('./TakeOverSheet').then((module) => ({ default: module.TakeOverSheet })))
const ReassignSheet = lazy(() => import('./ReassignSheet').then((module) => ({ default: module.ReassignSheet })))
const DisqualifySheet = lazy(() => import('./DisqualifySheet').then((module) => ({ default: module.DisqualifySheet })))
const ReopenSheet = lazy(() => import('./ReopenSheet').then((module) => ({ default: module.ReopenSheet })))
const QuickEntrySheet = lazy(() => import('./QuickEntrySheet').then((module) => ({ default: module.QuickEntrySheet })))

export type SheetLead = Pick<
  LeadCard,
  'id' | 'company' | 'contact_name' | 'phone' | 'owner' | 'first_follow_up_at' | 'version'
>

export type LeadSheet = 'log_follow_up' | 'take_over' | 'reassign' | 'disqualify' | 'reopen'

type Opened = { kind: LeadSheet; lead: SheetLead } | { kind: 'quick_entry' }

export interface LeadSheetsApi {
  open: (opened: Opened) => void
}

const Context = createContext<LeadSheetsApi | null>(null)

export function useLeadSheets(): LeadSheetsApi {
  const sheets = use(Context)
  if (!sheets) throw new Error('LeadSheetsHost is missing')
  return sheets
}

export interface SheetProps {
  lead: SheetLead
  open: boolean
  onClose: () => void
}

/** Holds the sheets that change leads, so that every screen opens the same ones. Each opening is a new form. */
export function LeadSheetsHost({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState<{ what: Opened; serial: number } | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const open = useCallback((what: Opened) => {
    setOpened((before) => ({ what, serial: (before?.serial ?? 0) + 1 }))
    setIsOpen(true)
  }, [])
  const close = useCallback(() => setIsOpen(false), [])
  const sheets = useMemo(() => ({ open }), [open])
  return (
    <Context value={sheets}>
      {children}
      <Suspense fallback={null}>
        {opened && <OpenSheet key={opened.serial} what={opened.what} open={isOpen} onClose={close} />}
      </Suspense>
    </Context>
  )
}

function OpenSheet({ what, open, onClose }: { what: Opened; open: boolean; onClose: () => void }) {
  if (what.kind === 'quick_entry') return <QuickEntrySheet open={open} onClose={onClose} />
  const Chosen = {
    log_follow_up: FollowUpSheet,
    take_over: TakeOverSheet,
    reassign: ReassignSheet,
    disqualify: DisqualifySheet,
    reopen: ReopenSheet,
  }[what.kind]
  return <Chosen lead={what.lead} open={open} onClose={onClose} />
}
