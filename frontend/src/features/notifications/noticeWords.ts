import type { TFunction } from 'i18next'
import type { Notice, Script } from '@/api/types'
import { asLanguage, i18next } from '@/i18n/i18n'
import type { BoardSearch } from '@/lib/boardSearch'
import { serverNow } from '@/lib/serverClock'
import { formatMoment } from '@/lib/time'
import { type Params, word } from '@/lib/words'

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** The params of a notice with something to say for what was left empty; several names as the language lists them. */
export function noticeParams(t: TFunction, params: Params): Params {
  const company = params.company || params.contact_name || t('lead.unnamed')
  const filled = Object.entries(params)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name, isNames(value) ? value.join(t('common.listSeparator')) : value])
  const language = asLanguage(i18next.language)
  const due = typeof params.due_at === 'string' ? formatMoment(params.due_at, serverNow(), language) : t('common.none')
  return { to: t('people.supervisor'), note: t('common.none'), ...Object.fromEntries(filled), company, due }
}

export function noticeWords(t: TFunction, notice: Pick<Notice, 'kind' | 'params'>): { title: string; detail: string } {
  const params = noticeParams(t, notice.params)
  return {
    title: word(t, `notifications.kinds.${notice.kind}`, t('notifications.other'), params),
    detail: isKnownFirm(notice.params.reason)
      ? t('notifications.details.known_firm')
      : word(t, `notifications.details.${notice.kind}`, '', params),
  }
}

const isKnownFirm = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'code' in reason && reason.code === 'duplicate_of_owned'

/** The first-contact script that a notice brings. */
export function noticeScript(notice: Pick<Notice, 'params'>): Script | null {
  const script = notice.params.script as Partial<Script> | null | undefined
  return script?.id && script.title && script.body ? { id: script.id, title: script.title, body: script.body } : null
}

const OF_CUSTOMERS = new Set(['import.customers_for_you', 'import.customers_taken', 'import.backup_for_you'])

/** Notices of many things at once lead to the list that shows them. */
const LISTS: Record<string, NoticeTarget> = {
  'opportunity.stalled_many': { to: '/board', search: { flagged: 'yes' } },
  'opportunity.report': { to: '/board', search: { late: 'yes', scope: 'region' } },
  'opportunity.next_step_due_many': { to: '/today' },
  'today.digest': { to: '/today' },
  'report.no_address': { to: '/admin/people' },
}

/** The screen that a notice leads to that is not about one record; a run is seen only by the person who imports. */
export function noticeFile(notice: Pick<Notice, 'kind' | 'subject_type' | 'subject_id'>): NoticeTarget | null {
  const list = LISTS[notice.kind]
  if (list) return list
  if (notice.kind === 'import.leads_for_you') return { to: '/leads' }
  if (OF_CUSTOMERS.has(notice.kind)) return { to: '/customers' }
  if (notice.subject_type === 'export') return { to: '/exports' }
  if (notice.subject_type !== 'import' || !notice.subject_id) return null
  return { to: '/imports/$runId', params: { runId: notice.subject_id } }
}

type NoticeTarget =
  | { to: '/leads' | '/customers' | '/exports' | '/today' | '/admin/people' }
  | { to: '/board'; search: BoardSearch }
  | { to: '/imports/$runId'; params: { runId: string } }

/** Where a notice leads, where there is a screen for its subject. */
export function noticePath({ subject_type, subject_id }: Pick<Notice, 'subject_type' | 'subject_id'>): string | null {
  if (subject_type === 'email') return '/mail/tray'
  const place = subject_type ? PLACES[subject_type] : undefined
  return place && subject_id ? `${place}/${subject_id}` : null
}

const PLACES: Record<string, string> = {
  lead: '/leads',
  customer: '/customers',
  change_request: '/change-requests',
  opportunity: '/opportunities',
  contract: '/contracts',
  support_request: '/support',
}
