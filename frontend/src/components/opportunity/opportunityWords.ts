import i18next, { type TFunction } from 'i18next'
import { asLanguage } from '@/i18n/i18n'
import type { Language } from '@/lib/time'
import { word } from '@/lib/words'

interface Named {
  key: string
  name_zh: string
  name_en: string
}

const isStage = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && 'name_zh' in value && 'name_en' in value

/** A stage as it is called in the reader's language. */
export const stageName = (stage: Pick<Named, 'name_zh' | 'name_en'>, language: Language): string =>
  language === 'en' ? stage.name_en : stage.name_zh

/** From which stage to which an entry of a timeline tells of, and why a deal was lost. */
export function moveWords(t: TFunction, body: Record<string, unknown>): string | null {
  const { from_stage: from, to_stage: to, move, loss_reason: lost } = body
  if (!isStage(from) || !isStage(to)) return null
  const language = asLanguage(i18next.language)
  const way = t('timeline.fromTo', { from: stageName(from, language), to: stageName(to, language) })
  const kind = typeof move === 'string' && move !== 'forward' ? word(t, `opportunity.moves.${move}`, move) : null
  const reason = typeof lost === 'string' ? word(t, `opportunity.losses.${lost}`, lost) : null
  return [way, kind, reason].filter(Boolean).join(' · ')
}
