import type { TFunction } from 'i18next'
import { ApiProblem } from '@/api/problem'
import { asLanguage, i18next } from '@/i18n/i18n'
import { serverNow } from './serverClock'
import { formatMoment } from './time'

export type Params = Record<string, unknown>

/** The words for a code that the server chose; an unknown code gets the fallback. */
export function word(t: TFunction, key: string, fallback: string, params: Params = {}): string {
  return t(key as never, { ...params, defaultValue: fallback } as never) as unknown as string
}

interface Named {
  name?: string
}

/** Who has a record and, while they are on leave, who stands in; what is no person says nothing. */
function whoWords(t: TFunction, { owner, owner_is_away, deputy }: Params): string {
  const name = (owner as Named | null | undefined)?.name ?? ''
  if (!owner_is_away) return name
  const other = (deputy as Named | null | undefined)?.name
  return other ? t('problem.who.deputy', { name, deputy: other }) : t('problem.who.away', { name })
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Moments among the params as people read them. */
function withMoments(params: Params): Params {
  const language = asLanguage(i18next.language)
  const said = (value: unknown): unknown =>
    typeof value === 'string' && MOMENT.test(value) ? formatMoment(value, serverNow(), language) : value
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, said(value)]))
}

export interface ProblemWords {
  title: string
  help: string
}

/** What went wrong and what to do about it, by the stable code of the problem. */
export function problemWords(t: TFunction, error: unknown): ProblemWords {
  if (!(error instanceof ApiProblem)) return { title: t('problem.other.title'), help: String(error) }
  const params = { ...withMoments(error.params), who: whoWords(t, error.params) }
  const say = (code: string, part: 'title' | 'help'): string => word(t, `problem.${code}.${part}`, '', params)
  const byStatus = error.status >= 500 ? 'server_error' : `http_${error.status}`
  for (const code of [error.code, byStatus]) {
    if (say(code, 'title')) return { title: say(code, 'title'), help: say(code, 'help') }
  }
  return { title: t('problem.other.title'), help: t('problem.other.help', { detail: error.message }) }
}

export function fieldWords(t: TFunction): (code: string, detail: string) => string {
  return (code, detail) => word(t, `field.${code}`, detail, { detail })
}
