import { dropDrafts } from '@/lib/draft'
import { networkProblem, problemOf } from './problem'
import type { Me, SignedIn } from './types'

/** Why a session is over, as the sign-in screen tells it. */
export type EndReason = 'signed_out' | 'expired' | 'elsewhere' | 'password_changed'

export interface Session {
  status: 'unknown' | 'signed_in' | 'signed_out'
  me: Me | null
  endReason: EndReason | null
}

const UNKNOWN: Session = { status: 'unknown', me: null, endReason: null }
const EARLY_MS = 10_000
const CHANNEL = 'chengdan-session'

let state: Session = UNKNOWN
let token: string | null = null
let goodUntil = 0
let flight: Promise<string | null> | null = null
let expected: EndReason | null = null
const listeners = new Set<() => void>()
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL)

function change(next: Session): void {
  state = next
  for (const listener of listeners) listener()
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function currentSession(): Session {
  return state
}

/** Takes over the answer of a sign-in or a refresh. The token never leaves this module's memory. */
export function adopt(signedIn: SignedIn): void {
  token = signedIn.access_token
  goodUntil = Date.now() + signedIn.expires_in * 1000
  change({ status: 'signed_in', me: signedIn.me, endReason: null })
}

export function updateMe(me: Me): void {
  if (state.status === 'signed_in') change({ ...state, me })
}

function forget(told: EndReason | null): void {
  const reason = told && (expected ?? told)
  token = null
  goodUntil = 0
  change({ status: 'signed_out', me: null, endReason: reason })
}

type TabWord = { is: 'ending' | 'ended'; reason: EndReason } | { is: 'staying' }

/** Ends the session in this tab and, unless another tab told us, in all of them. */
export function endSession(reason: EndReason, { tellOthers = true } = {}): void {
  if (state.status === 'signed_out') return
  forget(reason)
  if (state.endReason === 'signed_out') dropDrafts()
  if (tellOthers && state.endReason) tell({ is: 'ended', reason: state.endReason })
}

function tell(word: TabWord): void {
  tabs?.postMessage(word)
}

/** Work that ends the session: the live stream may bring the news first, here and in other tabs, and must not call it an expiry. */
export async function endSessionBy(work: () => Promise<unknown>, reason: EndReason): Promise<void> {
  expected = reason
  tell({ is: 'ending', reason })
  try {
    await work()
    endSession(reason)
  } catch (error) {
    tell({ is: 'staying' })
    throw error
  } finally {
    expected = null
  }
}

const asSeenFromElsewhere = (reason: EndReason): EndReason => (reason === 'signed_out' ? 'elsewhere' : reason)

tabs?.addEventListener('message', ({ data }: MessageEvent<TabWord>) => {
  if (data.is === 'ended') endSession(asSeenFromElsewhere(data.reason), { tellOthers: false })
  expected = data.is === 'ending' ? asSeenFromElsewhere(data.reason) : null
})

async function askForToken(): Promise<string | null> {
  let response: Response
  try {
    response = await fetch('/api/v1/auth/refresh', { method: 'POST', credentials: 'same-origin' })
  } catch (error) {
    throw networkProblem(error)
  }
  if (response.ok) {
    adopt((await response.json()) as SignedIn)
    return token
  }
  if (response.status !== 401 && response.status !== 403)
    throw problemOf(response, await response.json().catch(() => null))
  const wasSignedIn = state.status === 'signed_in'
  forget(wasSignedIn ? 'expired' : null)
  return null
}

/** Tabs take turns: two at once would show the server one refresh token twice, which looks like theft. */
async function inTurn<T>(ask: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request('chengdan-refresh', ask) : ask()
}

/** A new access token by the cookie, or null when there is no session. One request however many ask. */
export function refresh(): Promise<string | null> {
  flight ??= inTurn(askForToken).finally(() => {
    flight = null
  })
  return flight
}

/** The access token, renewed when it is about to end. */
export async function freshToken(): Promise<string | null> {
  if (token && Date.now() < goodUntil - EARLY_MS) return token
  return token ? refresh() : null
}

/** Renews after a 401 unless another request has already done so. */
export async function renewed(stale: string | null): Promise<string | null> {
  return token && token !== stale ? token : refresh()
}

export function resetSessionForTests(): void {
  token = null
  goodUntil = 0
  flight = null
  expected = null
  state = UNKNOWN
}
