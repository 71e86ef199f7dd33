export const PARTS = ['place', 'date', 'chain_contact', 'said', 'next_step'] as const
export type VisitPart = (typeof PARTS)[number]

export interface Visit {
  place: string
  chainContacts: number
  said: string
  nextStep: string
}

/** What a visit still lacks to be an effective one, as the server's rule says (both are tested with the same visits). Its date is always there. */
export function missingParts({ place, chainContacts, said, nextStep }: Visit): VisitPart[] {
  const there: Record<VisitPart, boolean> = {
    place: place.trim() !== '',
    date: true,
    chain_contact: chainContacts > 0,
    said: said.trim() !== '',
    next_step: nextStep.trim() !== '',
  }
  return PARTS.filter((part) => !there[part])
}
