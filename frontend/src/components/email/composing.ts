import type { TFunction } from 'i18next'
import type { Email, EmailCreate, MailPerson } from '@/api/types'
import { formatFull } from '@/lib/time'
import { answerTo, senderWords } from './emailWords'
import { partsOf, plainSubject, quoting } from './quoted'

/** A file that goes with a letter: of the record's documents, or sent up for it. */
export interface Enclosed {
  key: string
  name: string
  size: number
  version_id?: string
  upload_id?: string
  kind?: string
  /** When it was sent up: what is kept with no record goes away after a day. */
  at: number
}

export interface Draft {
  to: string[]
  cc: string[]
  subject: string
  text: string
  files: Enclosed[]
}

export const EMPTY: Draft = { to: [], cc: [], subject: '', text: '', files: [] }
const UPLOADS_LAST_MS = 20 * 3_600_000

const ADDRESS = /^[^\s@<>(),;]+@[^\s@<>(),;]+\.[^\s@<>(),;]+$/

export const isAddress = (typed: string): boolean => ADDRESS.test(typed)

/** What somebody typed or pasted, as addresses: "钱总 <a@b.example>; c@d.example" are two. */
export const addressesOf = (typed: readonly string[]): string[] => {
  const found = typed
    .flatMap((one) => one.split(/[,;，；\n]/))
    .map((one) => (/<([^>]*)>/.exec(one)?.[1] ?? one).trim())
    .filter(Boolean)
  const lower = found.map((address) => address.toLowerCase())
  return found.filter((_, place) => lower.indexOf(lower[place] ?? '') === place)
}

/** A draft as it was left, without the uploads that are gone by now. */
export const asLeft = (draft: Draft, now: number): Draft => ({
  ...draft,
  files: draft.files.filter(({ version_id, at }) => version_id !== undefined || now - at < UPLOADS_LAST_MS),
})

/** An answer before anything is written in it. */
export function answering(t: TFunction, email: Email, isToAll: boolean, ours: (address: string) => boolean): Draft {
  const { to, cc } = answerTo(email, isToAll, ours)
  const said = partsOf(email.text)
    .filter(({ isQuoted }) => !isQuoted)
    .map(({ text }) => text)
    .join('\n\n')
  const wrote = t('mail.wrote', { at: formatFull(email.at).slice(0, 16), name: senderWords(email) })
  return {
    to: to.map(({ address }) => address),
    cc: cc.map(({ address }) => address),
    subject: `Re: ${plainSubject(email.subject)}`,
    text: `\n\n${wrote}\n${quoting(said)}`,
    files: [],
  }
}

/** A draft as the API takes it; people are named as they are known. */
export function toEmail(
  draft: Draft,
  subject: Pick<EmailCreate, 'subject_type' | 'subject_id'>,
  known: readonly MailPerson[],
  reply_to: string | null,
): EmailCreate {
  const names = new Map(known.map(({ address, name }) => [address.toLowerCase(), name]))
  const people = (list: readonly string[]) =>
    list.map((address) => ({ address, name: names.get(address.toLowerCase()) ?? '' }))
  return {
    ...subject,
    to: people(draft.to),
    cc: people(draft.cc),
    subject: draft.subject.trim(),
    text: draft.text,
    attachments: draft.files.map(({ version_id, upload_id, kind }) =>
      version_id ? { version_id } : { upload_id: upload_id ?? null, kind: kind ?? 'other' },
    ),
    reply_to,
  }
}
