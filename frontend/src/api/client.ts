import createClient from 'openapi-fetch'
import { ApiProblem, networkProblem, problemOf } from './problem'
import type { paths } from './schema'
import { freshToken, renewed } from './session'

async function send(request: Request, token: string | null): Promise<Response> {
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw networkProblem(error)
  }
}

const opensSession = (request: Request): boolean =>
  /\/api\/v1\/auth\/(sign-in|refresh)$/.test(new URL(request.url).pathname)

/** `fetch` with the access token; after a 401 renews it once and tries again once. */
export async function authorizedFetch(request: Request): Promise<Response> {
  if (opensSession(request)) return send(request, null)
  const again = request.clone()
  const token = await freshToken()
  const response = await send(request, token)
  if (response.status !== 401) return response
  const next = await renewed(token)
  return next ? send(again, next) : response
}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: authorizedFetch })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

function dataOf<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok) throw problemOf(response, error)
  return data as T
}

/** The body of a successful answer; throws ApiProblem otherwise. */
export async function read<T>(answer: Promise<Answer<T>>): Promise<T> {
  return dataOf(await answer)
}

export interface Versioned<T> {
  value: T
  etag: string
}

/** The body with the tag that a change must name. */
export async function readVersioned<T extends { version: number }>(answer: Promise<Answer<T>>): Promise<Versioned<T>> {
  const settled = await answer
  const value = dataOf(settled)
  return { value, etag: settled.response.headers.get('ETag') ?? `"v${value.version}"` }
}

/** Nothing that one sees has this address, or nothing at all could have it. */
export const isGone = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 404 || error.status === 422)
