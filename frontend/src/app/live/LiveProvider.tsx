import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react'
import { contractKeys } from '@/api/contracts'
import { customerKeys, requestKeys } from '@/api/customers'
import { emailKeys, emailsChanged } from '@/api/emails'
import { exportKeys } from '@/api/exports'
import { leadKeys } from '@/api/leads'
import { GAP, type LiveEvent, type LiveState, RESUMED } from '@/api/live'
import { noticeKeys } from '@/api/notifications'
import { opportunityKeys } from '@/api/opportunities'
import { endSession, freshToken, renewed } from '@/api/session'
import { SharedLive } from '@/api/sharedLive'
import { submissionKeys } from '@/api/submissions'
import { supportKeys } from '@/api/support'
import { useMe } from '@/lib/session'
import { useAnnouncements } from './announcements'

interface Live {
  state: LiveState
  retry: () => void
}

const Context = createContext<Live>({ state: 'connecting', retry: () => undefined })

export const useLive = (): Live => use(Context)

/** Refetches what an event makes old; the events themselves carry no more than a hint. */
export async function applyLiveEvent(client: QueryClient, event: LiveEvent): Promise<void> {
  if (event.kind === 'session.ended') return endSession('expired')
  if (event.kind === GAP) return client.invalidateQueries()
  if (event.kind === RESUMED) return client.invalidateQueries({ queryKey: leadKeys.lists })
  if (event.kind === 'lead.left_pool') {
    const shown = [leadKeys.lists, leadKeys.one(String(event.payload.id))]
    await Promise.all(shown.map((queryKey) => client.invalidateQueries({ queryKey })))
    return
  }
  if (event.kind === 'import.changed') return client.invalidateQueries({ queryKey: ['imports'] })
  if (/^(opportunity|contract)\./.test(event.kind)) {
    const shown = [opportunityKeys.all, contractKeys.all, customerKeys.all, ['today']]
    await Promise.all(shown.map((queryKey) => client.invalidateQueries({ queryKey })))
    return
  }
  if (event.kind.startsWith('email.')) return emailsChanged(client)
  if (event.kind === 'support.changed') {
    const shown = [supportKeys.all, opportunityKeys.all, customerKeys.all, ['today']]
    await Promise.all(shown.map((queryKey) => client.invalidateQueries({ queryKey })))
    return
  }
  const isOfCustomers = /^(customer|change_request)\./.test(event.kind)
  const records = isOfCustomers ? [customerKeys.all, requestKeys.all] : [leadKeys.all]
  const old =
    event.kind === 'notification'
      ? [noticeKeys.all, submissionKeys.all, exportKeys.all, emailKeys.tray]
      : [...records, ['today'], noticeKeys.all]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** Keeps one event stream open while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const { announce, spoken } = useAnnouncements()
  const onAnnounce = useEffectEvent(announce)
  const stream = useRef<SharedLive | null>(null)
  const { id } = useMe()
  useEffect(() => {
    const live = new SharedLive({
      name: id,
      locks: navigator.locks,
      url: '/api/v1/live',
      token: (stale) => (stale ? renewed(stale) : freshToken()),
      onEvent: (event) => {
        void applyLiveEvent(client, event)
        onAnnounce(event)
      },
      onState: setState,
    })
    stream.current = live
    void live.run()
    return () => live.close()
  }, [client, id])
  const retry = useCallback(() => stream.current?.retryNow(), [])
  const drop = useCallback(() => stream.current?.drop(), [])
  useNetwork(retry, drop)
  const live = useMemo(() => ({ state, retry }), [state, retry])
  return (
    <Context value={live}>
      {children}
      <div aria-live="polite" className="visually-hidden">
        {spoken}
      </div>
    </Context>
  )
}

function useNetwork(retry: () => void, drop: () => void): void {
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') retry()
    }
    window.addEventListener('online', retry)
    window.addEventListener('offline', drop)
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      window.removeEventListener('online', retry)
      window.removeEventListener('offline', drop)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [retry, drop])
}
