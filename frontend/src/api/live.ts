import { createParser } from 'eventsource-parser'

export type LiveState = 'connecting' | 'open' | 'lost' | 'offline' | 'closed'

export interface LiveEvent {
  id: string
  kind: string
  payload: Record<string, unknown>
}

export interface LiveOptions {
  url: string
  /** The token to open with; `stale` is one that the server has just refused. Null: there is no session. */
  token: (stale: string | null) => Promise<string | null>
  onEvent: (event: LiveEvent) => void
  onState: (state: LiveState) => void
  /** Something came over the wire, if only a heartbeat. */
  onAlive?: () => void
  /** The id of the last event that is already known. */
  after?: string | null
  fetch?: typeof fetch
  random?: () => number
  /** Silence after which the connection counts as dead; the server sends a heartbeat every 15 s. */
  idleMs?: number
}

/** The stream goes on where it broke off, but for what is told to many at once: that is not repeated. */
export const RESUMED = 'resumed'

/** Events may have been missed: everything on the screen may be old. */
export const GAP = 'gap'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
const IDLE_MS = 45_000

/** Waits double from half a second to 20 s, each shortened by up to a third so that clients spread out. */
export function backOff(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10))
  return Math.round(full * (1 - random() / 3))
}

function parsePayload(data: string): Record<string, unknown> {
  const value: unknown = JSON.parse(data)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Reads the event stream with an Authorization header, resumes after the last id, and reconnects until closed. */
export class LiveStream {
  private readonly options: LiveOptions
  lastId: string | null
  private failures = 0
  private closed = false
  private abort: AbortController | null = null
  private wake: (() => void) | null = null

  constructor(options: LiveOptions) {
    this.options = options
    this.lastId = options.after ?? null
  }

  /** Runs until `close`; resolves when there is no session any more. */
  async run(): Promise<void> {
    let stale: string | null = null
    while (!this.closed) {
      this.options.onState(this.failures === 0 ? 'connecting' : 'lost')
      try {
        const token = await this.options.token(stale)
        if (!token) return this.close()
        stale = (await this.listen(token)) === 'refused' ? token : null
        if (stale === null) this.failures = 0
      } catch {
        stale = null
        this.failures += 1
      }
      if (!this.closed) await this.pause()
    }
  }

  /** Tries again at once: the network is back, or the person came back to the tab. */
  retryNow(): void {
    this.failures = 0
    this.wake?.()
  }

  /** The network is known to be gone: a dead connection would be noticed by its silence only. */
  drop(): void {
    this.abort?.abort()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.abort?.abort()
    this.wake?.()
    this.options.onState('closed')
  }

  private pause(): Promise<void> {
    const online = globalThis.navigator?.onLine !== false
    this.options.onState(online ? 'lost' : 'offline')
    const wait = backOff(this.failures, this.options.random ?? Math.random)
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private async listen(token: string): Promise<'refused' | 'ended'> {
    const abort = new AbortController()
    this.abort = abort
    const headers: Record<string, string> = { Accept: 'text/event-stream', Authorization: `Bearer ${token}` }
    if (this.lastId) headers['Last-Event-ID'] = this.lastId
    const response = await (this.options.fetch ?? fetch)(this.options.url, {
      headers,
      signal: abort.signal,
      cache: 'no-store',
    })
    if (response.status === 401) {
      this.failures += 1
      return 'refused'
    }
    if (!response.ok || !response.body) throw new Error(`live stream answered ${response.status}`)
    this.options.onState('open')
    await this.consume(response.body, abort)
    return 'ended'
  }

  private async consume(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = createParser({
      onEvent: (event) => {
        const isFirst = this.lastId === null
        if (event.id) this.lastId = event.id
        const told = { id: event.id ?? '', kind: event.event ?? 'message', payload: parsePayload(event.data) }
        if (told.kind !== 'ready') this.options.onEvent(told)
        else if (!isFirst) this.options.onEvent({ ...told, kind: told.payload.resumed === true ? RESUMED : GAP })
      },
    })
    const reader = body.getReader()
    const decoder = new TextDecoder()
    let idle: ReturnType<typeof setTimeout> | undefined
    const watch = (): void => {
      clearTimeout(idle)
      idle = setTimeout(() => abort.abort(), this.options.idleMs ?? IDLE_MS)
    }
    try {
      watch()
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        watch()
        this.options.onAlive?.()
        parser.feed(decoder.decode(part.value, { stream: true }))
      }
    } finally {
      clearTimeout(idle)
    }
  }
}
