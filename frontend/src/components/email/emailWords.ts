import type { TFunction } from 'i18next'
import type { Customer, Email, EmailCard, Mailing, MailPerson, TimelineEntry } from '@/api/types'
import { word } from '@/lib/words'

export const personWords = ({ name, address }: MailPerson): string => name || address

export const wholePerson = ({ name, address }: MailPerson): string => (name ? `${name} <${address}>` : address)

/** Who wrote it: a colleague or a contact by name where they are known. */
export function senderWords({ direction, person, contact, sender }: EmailCard): string {
  const known = direction === 'out' ? person : contact
  return known?.name || personWords(sender)
}

/** Whom it is for, as short as it can be said. */
export function recipientWords(t: TFunction, { to, cc }: Pick<EmailCard, 'to' | 'cc'>): string {
  const [first, ...others] = [...to, ...cc]
  if (!first) return ''
  if (others.length === 0) return personWords(first)
  return t('mail.andOthers', { name: personWords(first), count: others.length })
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whom an answer is for: who wrote it or is named for it, or of one's own letter who got it; to all also the others, never our own addresses. */
export function answerTo(
  { direction, sender, answer_to, to, cc }: Pick<Email, 'direction' | 'sender' | 'answer_to' | 'to' | 'cc'>,
  isToAll: boolean,
  ours: (address: string) => boolean,
): { to: MailPerson[]; cc: MailPerson[] } {
  const named = answer_to.length > 0 ? answer_to : [sender]
  const first = direction === 'in' ? named : to
  const others = direction === 'in' ? [...to, ...cc] : cc
  const known = (list: MailPerson[], address: string): boolean => list.some((one) => same(one.address, address))
  const rest = others.filter(({ address }) => !ours(address) && !known(first, address))
  return { to: first, cc: isToAll ? rest.filter((one, place) => !known(rest.slice(0, place), one.address)) : [] }
}

/** Letters in conversations, that with the newest letter first; each holds its letters as they came, the newest first. */
export function threadsOf<Card extends { thread_id: string }>(cards: readonly Card[]): Card[][] {
  const threads = new Map<string, Card[]>()
  for (const card of cards) threads.set(card.thread_id, [...(threads.get(card.thread_id) ?? []), card])
  return [...threads.values()]
}

/** Whether letters to an address come back to ourselves: the one that we write from, and the drop-box with any mark. */
export function oursOf({ from_address: from }: Pick<Mailing, 'from_address'>, dropbox?: string | null) {
  const plain = (address: string): string => address.toLowerCase().replace(/\+[^@]*@/, '@')
  const ours = [from, dropbox].flatMap((address) => (address ? [plain(address)] : []))
  return (address: string): boolean => ours.includes(plain(address))
}

const OF_EVERYBODY =
  /^(qq|foxmail|163|126|yeah|188|sina|sohu|139|189|wo|aliyun|gmail|outlook|hotmail|live|msn|yahoo|icloud|proton|protonmail|gmx)\./

const domainOf = (address: string | null | undefined): string =>
  (address?.split('@').at(-1) ?? '')
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/:?].*$/, '')
    .toLowerCase()

/** Whether an address is of that firm's own domain, as its website or a contact of it shows; a free mailbox says nothing. */
export function isOfFirm(address: string, { website, contacts }: Pick<Customer, 'website' | 'contacts'>): boolean {
  const domain = domainOf(address)
  const known = [website, ...contacts.map(({ email }) => email)].map(domainOf)
  return domain !== '' && !OF_EVERYBODY.test(domain) && known.includes(domain)
}

type Told = Pick<TimelineEntry, 'kind' | 'body'>
type ToldEmail = Pick<EmailCard, 'thread_id' | 'subject' | 'direction' | 'sender' | 'to' | 'cc'> & {
  reason?: string
  detail?: string | null
}

/** The letter that an entry of a timeline tells of. */
export function emailOf({ kind, body }: Told): ToldEmail | null {
  const { email } = body
  const isTold = typeof email === 'object' && email !== null && 'thread_id' in email && 'subject' in email
  return kind.startsWith('email.') && isTold ? (email as ToldEmail) : null
}

/** Who is on the other side of it, and why it did not get through. */
export function emailLines(t: TFunction, told: Told): string[] {
  const email = emailOf(told)
  if (!email) return []
  if (email.reason) return [word(t, `mail.reasons.${email.reason}`, ''), email.detail ?? ''].filter(Boolean)
  return [email.direction === 'out' ? t('mail.toWhom', { name: recipientWords(t, email) }) : wholePerson(email.sender)]
}
