import { type ReactNode, useState } from 'react'
import type { EmailCard } from '@/api/types'
import { DiscardSheet } from './DiscardSheet'
import { FilingSheet } from './FilingSheet'

type What = 'file' | 'discard'

/** The two sheets that say where a letter belongs; each opening is a new form. */
export function useSorting(email: EmailCard): { start: (what: What) => void; sheets: ReactNode } {
  const [doing, setDoing] = useState<{ what: What; serial: number } | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const start = (what: What): void => {
    setDoing((before) => ({ what, serial: (before?.serial ?? 0) + 1 }))
    setIsOpen(true)
  }
  const Shown = doing?.what === 'file' ? FilingSheet : DiscardSheet
  const sheets = doing && <Shown key={doing.serial} email={email} open={isOpen} onClose={() => setIsOpen(false)} />
  return { start, sheets }
}
