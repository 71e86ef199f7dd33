import { useSyncExternalStore } from 'react'

// Leads that came in live while this tab was open, newest first; Today shows them on top for a while.
const SHOWN_MS = 10 * 60_000

let arrivals: readonly { leadId: string; at: number }[] = []
const listeners = new Set<() => void>()

function change(next: typeof arrivals): void {
  arrivals = next
  for (const listener of listeners) listener()
}

export function noteArrival(leadId: string, at = Date.now()): void {
  const recent = arrivals.filter((arrival) => arrival.leadId !== leadId && at - arrival.at < SHOWN_MS)
  change([{ leadId, at }, ...recent])
}

export function forgetArrivals(): void {
  change([])
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useArrivals(): readonly { leadId: string; at: number }[] {
  return useSyncExternalStore(subscribe, () => arrivals)
}
