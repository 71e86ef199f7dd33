import { authorizedFetch } from './client'
import { problemOf } from './problem'

const NAMED = /filename\*=UTF-8''([^;]+)/

/** The answer with a file, asked with the access token. */
export async function fetchFile(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await authorizedFetch(
    new Request(new URL(path, globalThis.location.origin), { signal: signal ?? null }),
  )
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  return response
}

/** Fetches a file with the access token and hands it to the browser under the name that the server gave. */
export async function download(path: string, fallback: string): Promise<void> {
  const response = await fetchFile(path)
  const name = NAMED.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name ? decodeURIComponent(name) : fallback
  link.click()
  URL.revokeObjectURL(url)
}
