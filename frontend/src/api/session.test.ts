import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import {
  adopt,
  currentSession,
  endSession,
  endSessionBy,
  freshToken,
  refresh,
  renewed,
  subscribeSession,
} from './session'

const REFRESH = 'POST /api/v1/auth/refresh'
let other: BroadcastChannel

// A new one each time: it hears nothing of what was said before it was there.
beforeEach(() => {
  other = new BroadcastChannel('chengdan-session')
})

afterEach(() => {
  other.close()
})

describe('refresh', () => {
  test('opens a session by the cookie', async () => {
    serve({ [REFRESH]: json(signedIn('fresh')) })
    expect(await refresh()).toBe('fresh')
    expect(currentSession()).toMatchObject({ status: 'signed_in', me: { login: 'zhanglei' } })
  })

  test('without a cookie there is nobody, and nothing is said about an end', async () => {
    serve({ [REFRESH]: problem(401, 'session_ended') })
    expect(await refresh()).toBeNull()
    expect(currentSession()).toEqual({ status: 'signed_out', me: null, endReason: null })
  })

  test('a server at fault does not sign anybody out', async () => {
    adopt(signedIn('old'))
    serve({ [REFRESH]: problem(503, 'unavailable') })
    await expect(refresh()).rejects.toMatchObject({ status: 503 })
    expect(currentSession().status).toBe('signed_in')
  })

  test('a newer token than the refused one is used as it is', async () => {
    adopt(signedIn('newer'))
    const backend = serve({})
    expect(await renewed('old')).toBe('newer')
    expect(backend.calls).toHaveLength(0)
  })

  test('nobody signed in asks for no token', async () => {
    const backend = serve({})
    expect(await freshToken()).toBeNull()
    expect(backend.calls).toHaveLength(0)
  })
})

/** What this tab says to the others, in turn. */
function overhear(count: number): Promise<unknown[]> {
  const words: unknown[] = []
  return new Promise((resolve) => {
    other.onmessage = (message) => {
      words.push((message as MessageEvent).data)
      if (words.length === count) resolve(words)
    }
  })
}

/** Resolves when this tab has heard what was said before. */
function afterNextChange(): Promise<void> {
  return new Promise((resolve) => {
    const stop = subscribeSession(() => {
      stop()
      resolve()
    })
  })
}

describe('signing out', () => {
  test('is told to the other tabs before and after', async () => {
    adopt(signedIn('one'))
    const words = overhear(2)
    await endSessionBy(() => Promise.resolve(), 'signed_out')
    expect(await words).toEqual([
      { is: 'ending', reason: 'signed_out' },
      { is: 'ended', reason: 'signed_out' },
    ])
    expect(await freshToken()).toBeNull()
  })

  test('is no expiry, even when the live stream says it first', async () => {
    adopt(signedIn('one'))
    await endSessionBy(async () => endSession('expired'), 'password_changed')
    expect(currentSession().endReason).toBe('password_changed')
  })

  test('that fails leaves the session as it is, everywhere', async () => {
    adopt(signedIn('one'))
    const words = overhear(2)
    const failing = endSessionBy(() => Promise.reject(new Error('offline')), 'signed_out')
    await expect(failing).rejects.toThrow('offline')
    expect(currentSession().status).toBe('signed_in')
    expect((await words)[1]).toEqual({ is: 'staying' })
  })

  test('in another tab ends this one, which tells nobody', async () => {
    adopt(signedIn('one'))
    const listener = vi.fn()
    const ended = afterNextChange()
    other.onmessage = listener
    other.postMessage({ is: 'ended', reason: 'signed_out' })
    await ended
    expect(currentSession()).toEqual({ status: 'signed_out', me: null, endReason: 'elsewhere' })
    expect(listener).not.toHaveBeenCalled()
  })
})
