import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import { signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { flushUsage, noteUse } from './usage'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const accepted = { 'POST /api/v1/usage-events': () => new Response(null, { status: 204 }) }

test('uses are sent together', async () => {
  adopt(signedIn('one'))
  const backend = serve(accepted)
  noteUse('screen.today')
  noteUse('screen.leads')
  await vi.advanceTimersByTimeAsync(15_000)
  expect(backend.calls.map((call) => call.body)).toEqual([
    { events: [{ feature: 'screen.today' }, { feature: 'screen.leads' }] },
  ])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(backend.calls).toHaveLength(1)
})

test('nothing is sent for nobody', async () => {
  const backend = serve(accepted)
  noteUse('screen.sign_in')
  await flushUsage()
  expect(backend.calls).toHaveLength(0)
})

test('a batch that fails disturbs nobody', async () => {
  adopt(signedIn('one'))
  serve({ 'POST /api/v1/usage-events': () => Promise.reject(new TypeError('offline')) })
  noteUse('screen.today')
  await expect(flushUsage()).resolves.toBeUndefined()
})
