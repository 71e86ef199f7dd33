import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { leadKeys } from '@/api/leads'
import { type LiveEvent, type LiveState, LiveStream } from '@/api/live'
import { noticeKeys } from '@/api/notifications'
import { endSession, freshToken, renewed } from '@/api/session'
import { Arrivals } from './Arrivals'

interface Live {
  state: LiveState
  retry: () => void
}

const Context = createContext<Live>({ state: 'connecting', retry: () => undefined })

export const useLive = (): Live => use(Context)

/** Refetches what an event makes old; the events themselves carry no more than a hint. */
export async function applyLiveEvent(client: QueryClient, event: LiveEvent): Promise<void> {
  if (event.kind === 'session.ended') return endSession('expired')
  const old = event.kind === 'notification' ? [noticeKeys.all] : [leadKeys.all, ['today'], noticeKeys.all]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** Keeps one event stream open while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const [arrived, setArrived] = useState<LiveEvent | null>(null)
  const stream = useRef<LiveStream | null>(null)
  useEffect(() => {
    let isFirst = true
    const live = new LiveStream({
      url: '/api/v1/live',
      token: (stale) => (stale ? renewed(stale) : freshToken()),
      onEvent: (event) => {
        if (event.kind !== 'ready') void applyLiveEvent(client, event)
        // Not resumed: events may have been missed, so everything on screen may be old.
        else if (!isFirst && event.payload.resumed !== true) void client.invalidateQueries()
        isFirst = false
        if (event.kind === 'lead.assigned') setArrived(event)
      },
      onState: setState,
    })
    stream.current = live
    void live.run()
    return () => live.close()
  }, [client])
  const retry = useCallback(() => stream.current?.retryNow(), [])
  useWakeUps(retry)
  const live = useMemo(() => ({ state, retry }), [state, retry])
  return (
    <Context value={live}>
      {children}
      <Arrivals event={arrived} />
    </Context>
  )
}

function useWakeUps(retry: () => void): void {
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') retry()
    }
    window.addEventListener('online', retry)
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      window.removeEventListener('online', retry)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [retry])
}
