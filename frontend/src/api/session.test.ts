import { afterEach, describe, expect, test, vi } from 'vitest'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { adopt, currentSession, endSession, freshToken, refresh, renewed, subscribeSession } from './session'

const REFRESH = 'POST /api/v1/auth/refresh'
const other = new BroadcastChannel('chengdan-session')

afterEach(() => {
  other.onmessage = null
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

describe('signing out', () => {
  test('tells the other tabs', async () => {
    adopt(signedIn('one'))
    const heard = new Promise((resolve) => {
      other.onmessage = (message) => resolve((message as MessageEvent).data)
    })
    endSession('signed_out')
    expect(await heard).toBe('signed_out')
    expect(await freshToken()).toBeNull()
  })

  test('in another tab ends this one, which tells nobody', async () => {
    adopt(signedIn('one'))
    const listener = vi.fn()
    const ended = new Promise<void>((resolve) => {
      const stop = subscribeSession(() => {
        stop()
        resolve()
      })
    })
    other.onmessage = listener
    other.postMessage('signed_out')
    await ended
    expect(currentSession()).toEqual({ status: 'signed_out', me: null, endReason: 'elsewhere' })
    expect(listener).not.toHaveBeenCalled()
  })
})
