/** A fresh key for one form. `crypto.randomUUID` is missing where the site is opened by plain http over the local network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
