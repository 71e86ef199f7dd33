const PREFIX = 'chengdan.draft.'
const KEPT_MS = 7 * 24 * 3_600_000

interface Kept<T> {
  at: number
  value: T
}

/** What somebody has begun to write on this device; a week old it is forgotten. Storage that is full or forbidden is no error. */
export function readDraft<T>(name: string): T | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as Kept<T> | null
    return kept && Date.now() - kept.at < KEPT_MS ? kept.value : null
  } catch {
    return null
  }
}

export function keepDraft<T>(name: string, value: T): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), value } satisfies Kept<T>))
  } catch {
    // A draft is a convenience; the form itself still holds what was typed.
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(PREFIX + name)
}

/** Whoever signs out leaves nothing of the customers on the device. */
export function dropDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
}
