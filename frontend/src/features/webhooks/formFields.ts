import type { AnswerStyle, Form, SecretKind } from '@/api/types'

/** What a form's own fields look like while they are edited. */
export interface FormFields {
  name: string
  key: string
  source: string
  rate_per_minute: number
  by: SecretKind
  member?: string
  allowed_origins: string[]
  answer_style: AnswerStyle
  is_active: boolean
}

export const SOURCES = [
  'website',
  'exhibition',
  'search_ads',
  'partner',
  'wechat',
  'phone',
  'referral',
  'other',
] as const

export const ANSWERS: AnswerStyle[] = ['accepted', 'ok', 'code_zero']

export function toFields(form: Form | null): FormFields {
  if (!form)
    return {
      name: '',
      key: '',
      source: 'website',
      rate_per_minute: 600,
      by: 'signature',
      allowed_origins: [],
      answer_style: 'accepted',
      is_active: true,
    }
  const { name, key, source, rate_per_minute, allowed_origins, answer_style, is_active, verification } = form
  const proof = {
    by: verification.by === 'token' ? 'token' : 'signature',
    member: String(verification.member ?? ''),
  } as const
  return { name, key, source, rate_per_minute, allowed_origins, answer_style, is_active, ...proof }
}

export function toBody({ by, member, ...plain }: FormFields) {
  return { ...plain, verification: { by, header: 'x-form-token', member: by === 'token' ? (member ?? '') : '' } }
}
