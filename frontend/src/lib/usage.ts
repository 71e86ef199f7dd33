import { freshToken } from '@/api/session'

const FLUSH_MS = 15_000
const MOST = 50

let waiting: { feature: string }[] = []
let timer: ReturnType<typeof setTimeout> | undefined

/** Sends what has gathered. Use is counted, not relied on: a batch that fails is not worth a retry. */
export async function flushUsage(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  const events = waiting.splice(0, MOST)
  if (events.length === 0) return
  const token = await freshToken().catch(() => null)
  if (!token) return
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  await fetch('/api/v1/usage-events', {
    method: 'POST',
    headers,
    body: JSON.stringify({ events }),
    keepalive: true,
  }).catch(() => undefined)
}

/** Counts the use of a feature, such as "screen.today". */
export function noteUse(feature: string): void {
  waiting.push({ feature })
  if (waiting.length >= MOST) void flushUsage()
  else timer ??= setTimeout(() => void flushUsage(), FLUSH_MS)
}

export function flushWhenHidden(): () => void {
  const onHide = (): void => {
    if (document.visibilityState === 'hidden') void flushUsage()
  }
  document.addEventListener('visibilitychange', onHide)
  return () => document.removeEventListener('visibilitychange', onHide)
}

export function resetUsageForTests(): void {
  clearTimeout(timer)
  timer = undefined
  waiting = []
}
