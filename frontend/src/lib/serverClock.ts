// The server's present moment: deadlines are counted by its clock, never by that of the device.
let offsetMs = 0

export function learnServerTime(iso: string, receivedAt = Date.now()): void {
  const told = Date.parse(iso)
  if (!Number.isNaN(told)) offsetMs = told - receivedAt
}

export function serverNow(): number {
  return Date.now() + offsetMs
}
