import { afterEach, expect, test, vi } from 'vitest'
import type { LiveEvent, LiveState } from './live'
import { type Locks, SharedLive } from './sharedLive'

type Waiting = () => void

/** A LockManager for one name: first come, first served; `steal` takes the lock away. */
class FakeLocks implements Locks {
  private waiting: Waiting[] = []
  private robbed: ((error: Error) => void) | null = null

  async request(
    _: string,
    options: { signal?: AbortSignal; steal?: boolean },
    work: () => Promise<void>,
  ): Promise<void> {
    if (options.steal) this.robbed?.(new Error('stolen'))
    else if (this.robbed) await this.turn(options.signal)
    const stolen = new Promise<void>((_resolve, reject) => {
      this.robbed = reject
    })
    const mine = this.robbed
    try {
      await Promise.race([work(), stolen])
    } finally {
      if (this.robbed === mine) {
        this.robbed = null
        this.waiting.shift()?.()
      }
    }
  }

  private turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve)
      signal?.addEventListener('abort', () => {
        this.waiting = this.waiting.filter((one) => one !== resolve)
        reject(new Error('aborted'))
      })
    })
  }
}

interface Tab {
  live: SharedLive
  events: LiveEvent[]
  states: LiveState[]
  requests: Record<string, string>[]
  send: (id: number) => void
}

const encoder = new TextEncoder()
let tabs: Tab[] = []
let serial = 0

function openTab(locks: Locks | undefined, name: string, silenceMs = 60_000): Tab {
  let wire: ReadableStreamDefaultController<Uint8Array> | undefined
  const tab: Tab = {
    events: [],
    states: [],
    requests: [],
    send: (id) => wire?.enqueue(encoder.encode(`id: ${id}\nevent: lead.changed\ndata: {}\n\n`)),
    live: new SharedLive({
      name,
      locks,
      silenceMs,
      url: '/',
      token: async () => 'token',
      onEvent: (event) => tab.events.push(event),
      onState: (state) => tab.states.push(state),
      fetch: async (_, init) => {
        tab.requests.push(init?.headers as Record<string, string>)
        return new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              wire = controller
              init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')))
            },
          }),
        )
      },
    }),
  }
  void tab.live.run()
  tabs.push(tab)
  return tab
}

const name = (): string => {
  serial += 1
  return `person-${serial}`
}
const idsOf = (tab: Tab): string[] => tab.events.map(({ id }) => id)

afterEach(() => {
  for (const tab of tabs) tab.live.close()
  tabs = []
})

test('one tab reads, all tabs hear', async () => {
  const [locks, person] = [new FakeLocks(), name()]
  const first = openTab(locks, person)
  await vi.waitFor(() => expect(first.states).toContain('open'))
  const second = openTab(locks, person)
  await vi.waitFor(() => expect(second.states).toEqual(['open']))
  first.send(7)
  await vi.waitFor(() => expect(idsOf(second)).toEqual(['7']))
  expect(idsOf(first)).toEqual(['7'])
  expect([first.requests.length, second.requests.length]).toEqual([1, 0])
})

test('when the reading tab is closed, the next goes on after the last event', async () => {
  const [locks, person] = [new FakeLocks(), name()]
  const first = openTab(locks, person)
  await vi.waitFor(() => expect(first.states).toContain('open'))
  const second = openTab(locks, person)
  await vi.waitFor(() => expect(second.states).toEqual(['open']))
  first.send(41)
  await vi.waitFor(() => expect(idsOf(second)).toEqual(['41']))
  first.live.close()
  await vi.waitFor(() => expect(second.requests).toHaveLength(1))
  expect(second.requests[0]?.['Last-Event-ID']).toBe('41')
  second.send(42)
  await vi.waitFor(() => expect(idsOf(second)).toEqual(['41', '42']))
})

test('a frozen reader loses its place to a tab that is awake', async () => {
  const [locks, person] = [new FakeLocks(), name()]
  const robbed = locks.request(person, {}, () => new Promise(() => undefined))
  const loses = expect(robbed).rejects.toThrow('stolen')
  const awake = openTab(locks, person, 20)
  await vi.waitFor(() => expect(awake.states).toContain('open'))
  await loses
})

test('people do not hear each other', async () => {
  const locks = [new FakeLocks(), new FakeLocks()]
  const [one, other] = [openTab(locks[0], name()), openTab(locks[1], name())]
  await vi.waitFor(() => expect([one.states, other.states].every((states) => states.includes('open'))).toBe(true))
  one.send(3)
  await vi.waitFor(() => expect(idsOf(one)).toEqual(['3']))
  expect(other.events).toEqual([])
})

test('without locks, as over plain http, each tab reads for itself', async () => {
  const person = name()
  const both = [openTab(undefined, person), openTab(undefined, person)]
  await vi.waitFor(() => expect(both.map((tab) => tab.requests.length)).toEqual([1, 1]))
  both[0]?.send(5)
  await vi.waitFor(() => expect(idsOf(both[0] as Tab)).toEqual(['5']))
  expect(both[1]?.events).toEqual([])
})
