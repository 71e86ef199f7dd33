import { describe, expect, test } from 'vitest'
import { json, ME, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { api, isGone, read, readVersioned } from './client'
import { ApiProblem } from './problem'
import { adopt, currentSession } from './session'

const REFRESH = '/api/v1/auth/refresh'
const today = () => read(api.GET('/api/v1/today'))
const TODAY = { generated_at: '2026-03-10T02:00:00Z', items: [], counts: {} }

describe('the access token', () => {
  test('goes with every request', async () => {
    adopt(signedIn('one'))
    const backend = serve({ 'GET /api/v1/today': json(TODAY) })
    await today()
    expect(backend.calls[0]?.headers.get('Authorization')).toBe('Bearer one')
  })

  test('is renewed once after a 401, and the request is sent again', async () => {
    adopt(signedIn('old'))
    const backend = serve({
      'GET /api/v1/today': [problem(401, 'not_signed_in'), json(TODAY)],
      'POST /api/v1/auth/refresh': json(signedIn('new')),
    })
    expect(await today()).toEqual(TODAY)
    expect(backend.to('/api/v1/today').map((call) => call.headers.get('Authorization'))).toEqual([
      'Bearer old',
      'Bearer new',
    ])
    expect(backend.to(REFRESH)).toHaveLength(1)
  })

  test('is renewed once however many requests fail together', async () => {
    adopt(signedIn('old'))
    let waiting = 0
    const unauthorizedOnce = () => {
      waiting += 1
      return waiting <= 3 ? problem(401, 'not_signed_in') : json(TODAY)
    }
    const backend = serve({ 'GET /api/v1/today': unauthorizedOnce, 'POST /api/v1/auth/refresh': json(signedIn('new')) })
    await Promise.all([today(), today(), today()])
    expect(backend.to(REFRESH)).toHaveLength(1)
    expect(backend.to('/api/v1/today')).toHaveLength(6)
  })

  test('is renewed before it ends, so that no request is wasted', async () => {
    adopt(signedIn('old', { expires_in: 5 }))
    const backend = serve({ 'GET /api/v1/today': json(TODAY), 'POST /api/v1/auth/refresh': json(signedIn('new')) })
    await today()
    expect(backend.calls.map((call) => call.path)).toEqual([REFRESH, '/api/v1/today'])
  })

  test('a body is sent whole the second time', async () => {
    adopt(signedIn('old'))
    const backend = serve({
      'PATCH /api/v1/me': [problem(401, 'not_signed_in'), json({ ...ME, locale: 'en' })],
      'POST /api/v1/auth/refresh': json(signedIn('new')),
    })
    await read(api.PATCH('/api/v1/me', { body: { locale: 'en' } }))
    expect(backend.to('/api/v1/me').map((call) => call.body)).toEqual([{ locale: 'en' }, { locale: 'en' }])
  })

  test('a session that has ended ends here too, without a second try', async () => {
    adopt(signedIn('old'))
    const backend = serve({
      'GET /api/v1/today': problem(401, 'not_signed_in'),
      'POST /api/v1/auth/refresh': problem(401, 'session_ended'),
    })
    await expect(today()).rejects.toMatchObject({ status: 401 })
    expect(currentSession()).toMatchObject({ status: 'signed_out', endReason: 'expired', me: null })
    expect(backend.to('/api/v1/today')).toHaveLength(1)
  })

  test('a wrong password asks for no renewal', async () => {
    const backend = serve({ 'POST /api/v1/auth/sign-in': problem(401, 'sign_in_failed') })
    const attempt = read(api.POST('/api/v1/auth/sign-in', { body: { login: 'a', password: 'b' } }))
    await expect(attempt).rejects.toMatchObject({ code: 'sign_in_failed' })
    expect(backend.calls).toHaveLength(1)
  })
})

describe('an answer that is no success', () => {
  test('carries code, fields and the wait', async () => {
    adopt(signedIn('one'))
    const body = { code: 'locked_out', detail: 'wait', params: { seconds: 60 }, errors: [], request_id: 'r1' }
    serve({ 'GET /api/v1/today': json(body, 429, { 'Retry-After': '60' }) })
    const error = await today().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({
      status: 429,
      code: 'locked_out',
      retryAfter: 60,
      requestId: 'r1',
      params: { seconds: 60 },
    })
  })

  test('without a body of ours gets a code by its status', async () => {
    adopt(signedIn('one'))
    serve({ 'GET /api/v1/today': new Response('<h1>Bad gateway</h1>', { status: 502 }) })
    await expect(today()).rejects.toMatchObject({ status: 502, code: 'server_error' })
  })

  test('no answer at all is a network problem', async () => {
    adopt(signedIn('one'))
    serve({ 'GET /api/v1/today': () => Promise.reject(new TypeError('Failed to fetch')) })
    await expect(today()).rejects.toMatchObject({ status: 0, code: 'network' })
  })
})

test('a versioned record comes with its tag', async () => {
  adopt(signedIn('one'))
  serve({ 'GET /api/v1/people/p1': json({ id: 'p1', version: 3 }, 200, { ETag: '"v3"' }) })
  const person = await readVersioned(api.GET('/api/v1/people/{person_id}', { params: { path: { person_id: 'p1' } } }))
  expect(person).toMatchObject({ etag: '"v3"', value: { id: 'p1' } })
})

test('an address that nothing can have is gone like one that nobody sees', async () => {
  adopt(signedIn('one'))
  for (const [status, gone] of [
    [404, true],
    [422, true],
    [403, false],
    [500, false],
  ] as const) {
    serve({ 'GET /api/v1/today': problem(status, 'any') })
    expect(isGone(await today().catch((error: unknown) => error))).toBe(gone)
  }
})
