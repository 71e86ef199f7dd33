import { vi } from 'vitest'

type Answer = Response | (() => Response | Promise<Response>)

export interface Call {
  method: string
  path: string
  headers: Headers
  body: unknown
}

export interface Backend {
  calls: Call[]
  to: (path: string) => Call[]
}

async function callOf(input: RequestInfo | URL, init?: RequestInit): Promise<Call> {
  const request = input instanceof Request ? input : new Request(new URL(String(input), location.origin), init)
  const text = await request.clone().text()
  return {
    method: request.method,
    path: new URL(request.url).pathname,
    headers: request.headers,
    body: text ? JSON.parse(text) : null,
  }
}

/** Stands in for the server: answers of one path are given in turn, the last one for good. */
export function serve(answers: Record<string, Answer | Answer[]>): Backend {
  const calls: Call[] = []
  const left = new Map(
    Object.entries(answers).map(([path, answer]) => [path, Array.isArray(answer) ? [...answer] : [answer]]),
  )
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const call = await callOf(input, init)
    calls.push(call)
    const queue = left.get(`${call.method} ${call.path}`)
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0]
    if (!answer) throw new Error(`nobody answers ${call.method} ${call.path}`)
    return typeof answer === 'function' ? answer() : answer.clone()
  })
  return { calls, to: (path) => calls.filter((call) => call.path === path) }
}
