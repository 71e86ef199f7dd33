import type { TFunction } from 'i18next'
import type { LeadCard, Reason, TimelineEntry } from '@/api/types'
import { type Params, word } from '@/lib/words'

export const sourceWords = (t: TFunction, source: string): string => word(t, `lead.sources.${source}`, source)

export const kindWords = (t: TFunction, kind: string): string => word(t, `timeline.kinds.${kind}`, kind)

export const outcomeWords = (t: TFunction, outcome: string): string => word(t, `followUp.outcomes.${outcome}`, outcome)

/** The stored reason of an assignment as a sentence. */
export function reasonWords(t: TFunction, reason: Reason): string {
  const skills = Array.isArray(reason.params.skills) ? reason.params.skills.join(t('common.listSeparator')) : ''
  const why = word(t, `assignment.reason.${reason.code}`, t('assignment.unknownReason'), {
    ...reason.params,
    skills,
    ...firmWords(t, reason.params),
  })
  const away = reason.params.same_firm as { person: string; subject_type: string; match: string } | undefined
  return away ? t('assignment.ownerAway', { ...away, ...firmWords(t, away), reason: why }) : why
}

/** What a firm was known by. */
const firmWords = (t: TFunction, hit: Params) => ({
  subject: word(t, `duplicates.subject.${String(hit.subject_type)}`, ''),
  match: word(t, `duplicates.match.${String(hit.match)}`, ''),
})

export function latencyWords(t: TFunction, ms: number): string {
  return ms < 1000 ? t('assignment.ms', { ms }) : t('assignment.s', { s: (ms / 1000).toFixed(1) })
}

export const isContacted = (lead: Pick<LeadCard, 'first_follow_up_at'>): boolean => lead.first_follow_up_at !== null

/** A text field of an entry's body, where it has one. */
export function bodyText(entry: Pick<TimelineEntry, 'body'>, name: string): string | null {
  const value = entry.body[name]
  return typeof value === 'string' && value.trim() ? value : null
}

/** What to call a lead: its company, else the contact. */
export function leadName(t: TFunction, lead: Pick<LeadCard, 'company' | 'contact_name'>): string {
  return lead.company || lead.contact_name || t('lead.unnamed')
}

/** Waits without an owner for somebody to claim it. */
export const isInPool = (lead: Pick<LeadCard, 'owner' | 'state'>): boolean =>
  lead.owner === null && lead.state === 'new'
