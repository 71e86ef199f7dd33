import type { LiveEvent, LiveOptions, LiveState } from './live'
import { LiveStream } from './live'

type Word =
  | { is: 'event'; event: LiveEvent }
  | { is: 'state'; state: LiveState; lastId: string | null }
  | { is: 'hello' }
  | { is: 'retry' }

/** The part of the browser's LockManager that is used here. */
export interface Locks {
  request: (
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    work: () => Promise<void>,
  ) => Promise<void>
}

export interface SharedOptions extends LiveOptions {
  /** Tabs of the same name share one stream; another person has another name. */
  name: string
  locks: Locks | undefined
  /** A reader that says nothing for so long is frozen; another tab takes over. */
  silenceMs?: number
}

const SILENCE_MS = 90_000

/**
 * One event stream for all tabs of a person: the tab that holds the lock reads it and passes everything on.
 * A browser opens six connections to a server at most; a stream a tab would leave none for the sixth tab to work with.
 */
export class SharedLive {
  private readonly options: SharedOptions
  private readonly channel: BroadcastChannel
  private readonly stopped = new AbortController()
  private state: LiveState = 'connecting'
  private lastId: string | null = null
  private stream: LiveStream | null = null
  private waiting: AbortController | null = null
  private heardAt = Date.now()

  constructor(options: SharedOptions) {
    this.options = options
    this.channel = new BroadcastChannel(`live:${options.name}`)
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.hear(data)
  }

  /** Runs until `close`, or until there is no session any more. */
  async run(): Promise<void> {
    const { locks, name, silenceMs = SILENCE_MS } = this.options
    if (!locks) return this.read()
    this.say({ is: 'hello' })
    const watch = setInterval(() => this.watchReader(silenceMs), silenceMs / 3)
    while (!this.isOver) {
      this.waiting = new AbortController()
      const how = this.isSilent(silenceMs) ? { steal: true } : { signal: this.waiting.signal }
      // Rejected when the wait is given up, or when another tab took the lock away from this one.
      await locks.request(name, how, () => this.read()).catch(() => this.stepDown())
    }
    clearInterval(watch)
  }

  retryNow(): void {
    if (this.stream) this.stream.retryNow()
    else this.say({ is: 'retry' })
  }

  drop(): void {
    this.stream?.drop()
  }

  close(): void {
    if (this.isOver) return
    this.stopped.abort()
    this.waiting?.abort()
    this.stream?.close()
    this.channel.close()
  }

  private get isOver(): boolean {
    return this.stopped.signal.aborted || this.state === 'closed'
  }

  private isSilent(silenceMs: number): boolean {
    return !this.stream && Date.now() - this.heardAt > silenceMs
  }

  private watchReader(silenceMs: number): void {
    if (this.isSilent(silenceMs)) this.waiting?.abort()
  }

  private async read(): Promise<void> {
    this.waiting = null
    const stream = new LiveStream({
      ...this.options,
      after: this.lastId,
      onEvent: (event) => {
        this.lastId = event.id || this.lastId
        this.options.onEvent(event)
        this.say({ is: 'event', event })
      },
      onState: (state) => this.stream === stream && this.tell(state),
      onAlive: () => this.say(this.asWord()),
    })
    this.stream = stream
    await stream.run()
  }

  /** Another tab has taken over; one that only gave up waiting has nothing to put down. */
  private stepDown(): void {
    if (!this.stream) return
    const stream = this.stream
    this.stream = null
    this.heardAt = Date.now()
    stream.close()
  }

  private tell(state: LiveState): void {
    this.state = state
    this.options.onState(state)
    this.say(this.asWord())
  }

  private asWord(): Word {
    return { is: 'state', state: this.state, lastId: this.stream?.lastId ?? this.lastId }
  }

  private say(word: Word): void {
    if (!this.stopped.signal.aborted) this.channel.postMessage(word)
  }

  private hear(word: Word): void {
    if (this.stream) {
      if (word.is === 'hello') this.say(this.asWord())
      if (word.is === 'retry') this.stream.retryNow()
      return
    }
    if (word.is === 'hello' || word.is === 'retry') return
    this.heardAt = Date.now()
    if (word.is === 'event') {
      this.lastId = word.event.id || this.lastId
      this.options.onEvent(word.event)
    } else if (word.state !== 'closed') {
      this.lastId = word.lastId ?? this.lastId
      if (word.state !== this.state) this.options.onState(word.state)
      this.state = word.state
    }
  }
}
