import type { Contact, FollowUpCreate, NoteCreate, TimelineEntry } from '@/api/types'
import { isoToWallTime, wallTimeToIso } from '@/lib/time'

export type Kind = FollowUpCreate['kind'] | 'note'
export type Outcome = FollowUpCreate['outcome']

/** Who took part: contacts of the customer by their ids, others by name. */
export interface People {
  contacts: string[]
  others: { name: string; is_in_chain: boolean }[]
}

export interface Fields {
  kind: Kind
  outcome?: Outcome
  direction?: 'out' | 'in'
  people?: People
  place?: string
  /** Wall time of the company; none is now. */
  at?: string | null
  note?: string
  duration_minutes?: number | null
  chat?: string
  mine?: string
  next_step_at?: string | null
  next_step?: string
}

export const NOBODY: People = { contacts: [], others: [] }
/** Where one meets, somebody was met. */
export const MET: readonly Kind[] = ['visit', 'meeting']
export const INITIAL: Fields = { kind: 'call', direction: 'out' }

/** Whether a contact has a say in the purchase: all do but the reception. */
export const isInChain = ({ role }: Pick<Contact, 'role'>): boolean => role !== 'gatekeeper'

export function chainContacts(people: People | undefined, contacts: Pick<Contact, 'id' | 'role'>[]): number {
  const { contacts: chosen, others } = people ?? NOBODY
  const inChain = contacts.filter((one) => chosen.includes(one.id) && isInChain(one))
  return inChain.length + others.filter((one) => one.is_in_chain).length
}

/** Whom a visit was most likely with: those met last, or the only one who has a say. */
export function likelyMet(contacts: Pick<Contact, 'id' | 'role'>[], metLast: string[]): People {
  const again = contacts.filter(({ id }) => metLast.includes(id))
  const chain = contacts.filter(isInChain)
  const likely = again.length > 0 ? again : chain.length === 1 ? chain : []
  return { contacts: likely.map(({ id }) => id), others: [] }
}

export const samePeople = (one: People | undefined, other: People | undefined): boolean =>
  JSON.stringify(one ?? NOBODY) === JSON.stringify(other ?? NOBODY)

export const noteBody = (fields: Fields, corrects?: string): NoteCreate => ({
  note: fields.note?.trim() ?? '',
  ...(corrects ? { corrects } : {}),
})

/** What an entry says of its files: uploads that come with it, and documents that a correction takes off. */
export const enclosedBody = (
  sent: readonly { upload_id: string | null; kind: string }[],
  without: string[],
): Pick<NoteCreate, 'files' | 'without'> => ({
  ...(sent.length > 0
    ? { files: sent.flatMap(({ upload_id, kind }) => (upload_id ? [{ upload_id, kind }] : [])) }
    : {}),
  ...(without.length > 0 ? { without } : {}),
})

export function followUpBody(fields: Fields & { kind: FollowUpCreate['kind'] }, corrects?: string): FollowUpCreate {
  const { contacts, others } = fields.people ?? NOBODY
  const step = fields.next_step?.trim()
  const shared = {
    outcome: fields.outcome ?? 'reached',
    note: fields.note?.trim() ?? '',
    ...(fields.at ? { at: wallTimeToIso(fields.at) } : {}),
    ...(contacts.length > 0 ? { contacts } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(fields.next_step_at ? { next_step_at: wallTimeToIso(fields.next_step_at) } : {}),
    ...(step ? { next_step: step } : {}),
    ...(corrects ? { corrects } : {}),
  }
  const minutes = fields.duration_minutes ? { duration_minutes: fields.duration_minutes } : {}
  switch (fields.kind) {
    case 'call':
      return { kind: 'call', ...shared, ...minutes, ...(fields.direction ? { direction: fields.direction } : {}) }
    case 'visit':
      return { kind: 'visit', ...shared, ...minutes, place: fields.place?.trim() ?? '' }
    case 'meeting':
      return { kind: 'meeting', ...shared, ...minutes, place: fields.place?.trim() ?? '' }
    case 'message':
      return {
        kind: 'message',
        ...shared,
        ...(fields.chat?.trim() ? { chat: fields.chat, mine: fields.mine ?? '' } : {}),
      }
    case 'email':
      return { kind: 'email', ...shared }
  }
}

interface SaidOfPerson {
  id: string | null
  name: string
  is_in_chain: boolean
}

/** What an entry says, as the form would hold it: the beginning of its correction. */
export function fieldsOf({ kind, outcome, at, body }: TimelineEntry): Fields {
  const text = (name: string): string => (typeof body[name] === 'string' ? (body[name] as string) : '')
  const people = (Array.isArray(body.people) ? body.people : []) as SaidOfPerson[]
  const chat = body.chat as { raw: string; mine: string } | undefined
  const direction = text('direction')
  return {
    kind: kind as Kind,
    ...(outcome ? { outcome: outcome as Outcome } : {}),
    ...(direction === 'out' || direction === 'in' ? { direction } : {}),
    people: {
      contacts: people.flatMap(({ id }) => (id ? [id] : [])),
      others: people.filter(({ id }) => !id).map(({ name, is_in_chain }) => ({ name, is_in_chain })),
    },
    place: text('place'),
    at: isoToWallTime(at),
    note: text('note'),
    duration_minutes: typeof body.duration_minutes === 'number' ? body.duration_minutes : null,
    chat: chat?.raw ?? '',
    mine: chat?.mine ?? '',
    next_step: text('next_step'),
    next_step_at: text('next_step_at') ? isoToWallTime(text('next_step_at')) : null,
  }
}
