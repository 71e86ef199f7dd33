import { describe, expect, test, vi } from 'vitest'
import { backOff, GAP, type LiveEvent, type LiveOptions, type LiveState, LiveStream, RESUMED } from './live'

const encoder = new TextEncoder()

function stream(...parts: string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part))
      controller.close()
    },
  })
  return new Response(body, { status: 200 })
}

interface Run {
  events: LiveEvent[]
  states: LiveState[]
  requests: Record<string, string>[]
  done: Promise<void>
  live: LiveStream
}

/** Runs a stream over the given answers and closes it after the last. */
function run(answers: (Response | Error)[], options: Partial<LiveOptions> = {}): Run {
  const events: LiveEvent[] = []
  const states: LiveState[] = []
  const requests: Record<string, string>[] = []
  const live = new LiveStream({
    url: '/api/v1/live',
    token: async () => 'token',
    onEvent: (event) => events.push(event),
    onState: (state) => {
      states.push(state)
      if (state === 'lost' || state === 'offline') queueMicrotask(() => live.retryNow())
    },
    fetch: async (_, init) => {
      requests.push(init?.headers as Record<string, string>)
      const answer = answers.shift()
      if (!answer) {
        live.close()
        throw new Error('closed')
      }
      if (answer instanceof Error) throw answer
      return answer
    },
    random: () => 0,
    ...options,
  })
  return { events, states, requests, done: live.run(), live }
}

describe('the event stream', () => {
  test('reads events, also when they come in pieces', async () => {
    const { events, done } = run([
      stream(
        'id: 7\nevent: lead.assigned\nda',
        'ta: {"id":"a","company":"苏',
        '州"}\n\n: still here\n\n',
        'id: 8\nevent: notification\ndata: {}\n\n',
      ),
    ])
    await done
    expect(events).toEqual([
      { id: '7', kind: 'lead.assigned', payload: { id: 'a', company: '苏州' } },
      { id: '8', kind: 'notification', payload: {} },
    ])
  })

  test('a character cut in two is whole again', async () => {
    const bytes = encoder.encode('data: {"company":"苏州"}\n\n')
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 19))
        controller.enqueue(bytes.slice(19))
        controller.close()
      },
    })
    const { events, done } = run([new Response(body)])
    await done
    expect(events[0]?.payload).toEqual({ company: '苏州' })
  })

  test('resumes after the last event', async () => {
    const { requests, done } = run([stream('id: 41\ndata: {}\n\n'), stream('id: 42\ndata: {}\n\n'), stream()])
    await done
    expect(requests.map((headers) => headers['Last-Event-ID'])).toEqual([undefined, '41', '42', '42'])
    expect(requests[0]?.Authorization).toBe('Bearer token')
  })

  test('says when events were missed; the first opening misses nothing', async () => {
    const ready = (id: number, resumed: boolean) => `id: ${id}\nevent: ready\ndata: {"resumed":${resumed}}\n\n`
    const { events, requests, done } = run([stream(ready(5, false)), stream(ready(5, true)), stream(ready(9, false))])
    await done
    expect(events.map(({ id, kind }) => [id, kind])).toEqual([
      ['5', RESUMED],
      ['9', GAP],
    ])
    expect(requests[1]?.['Last-Event-ID']).toBe('5')
  })

  test('goes on where another has stopped', async () => {
    const { requests, done } = run([stream()], { after: '41' })
    await done
    expect(requests[0]?.['Last-Event-ID']).toBe('41')
  })

  test('asks for another token after a 401', async () => {
    const token = vi.fn(async (stale: string | null) => (stale ? 'second' : 'first'))
    const { requests, done } = run([new Response(null, { status: 401 }), stream()], { token })
    await done
    expect(token.mock.calls.slice(0, 2)).toEqual([[null], ['first']])
    expect(requests[1]?.Authorization).toBe('Bearer second')
  })

  test('comes back after a failure, and says so', async () => {
    const { states, done } = run([new TypeError('Failed to fetch'), new Response(null, { status: 503 }), stream()])
    await done
    expect(states[0]).toBe('connecting')
    expect(states).toContain('lost')
    expect(states).toContain('open')
    expect(states.at(-1)).toBe('closed')
  })

  test('ends when there is no session', async () => {
    const { states, requests, done } = run([], { token: async () => null })
    await done
    expect(requests).toHaveLength(0)
    expect(states.at(-1)).toBe('closed')
  })

  test('silence counts as a dead connection', async () => {
    const silent = (signal?: AbortSignal | null) =>
      new Response(
        new ReadableStream({
          start: (controller) => signal?.addEventListener('abort', () => controller.error(new Error('aborted'))),
        }),
      )
    let calls = 0
    const lost = new Promise<LiveStream>((resolve) => {
      const live = new LiveStream({
        url: '/',
        token: async () => 't',
        onEvent: () => undefined,
        onState: (state) => state === 'lost' && resolve(live),
        fetch: async (_, init) => {
          calls += 1
          return silent(init?.signal)
        },
        idleMs: 5,
      })
      void live.run()
    })
    ;(await lost).close()
    expect(calls).toBe(1)
  })
})

test('the wait doubles up to 20 s and is spread', () => {
  const none = () => 0
  expect([0, 1, 2, 5, 6, 50].map((failures) => backOff(failures, none))).toEqual([500, 1000, 2000, 16000, 20000, 20000])
  expect(backOff(6, () => 1)).toBe(13333)
})
