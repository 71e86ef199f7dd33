const DAY = 86_400_000

/** Begun days until a lead returns to the pool; 0 once it is due. */
export const poolDays = (at: string, now: number): number => Math.max(0, Math.ceil((Date.parse(at) - now) / DAY))
