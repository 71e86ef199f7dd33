import type { TFunction } from 'i18next'
import type { Dashboard, StageFigures } from '@/api/types'
import { money, shortMoney } from '@/lib/money'
import type { Language } from '@/lib/time'

/** One currency is drawn; where there are more, that of the most. */
export function mainCurrency(stages: readonly StageFigures[]): string {
  const counts = new Map<string, number>()
  for (const { currency, count } of stages.flatMap((stage) => stage.sums))
    counts.set(currency, (counts.get(currency) ?? 0) + count)
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? 'CNY'
}

export const amountIn = (sums: readonly { currency: string; amount: string }[], currency: string): number =>
  Number(sums.find((one) => one.currency === currency)?.amount ?? 0)

export const allMoney = (t: TFunction, amounts: readonly { currency: string; amount: string }[]): string =>
  amounts.map(({ amount, currency }) => money(amount, currency)).join(t('common.listSeparator')) || '—'

export const allShort = (
  t: TFunction,
  amounts: readonly { currency: string; amount: string }[],
  language: Language,
): string =>
  amounts.map(({ amount, currency }) => shortMoney(amount, currency, language)).join(t('common.listSeparator'))

/** The amounts of several stages together, by currency. */
export function together(stages: readonly StageFigures[], part: 'amount' | 'weighted') {
  const sums = new Map<string, number>()
  for (const one of stages.flatMap((stage) => stage.sums))
    sums.set(one.currency, (sums.get(one.currency) ?? 0) + Number(one[part]))
  return [...sums].map(([currency, amount]) => ({ currency, amount: amount.toFixed(2) }))
}

export const percent = (share: number, whole: number): string =>
  whole > 0 ? `${Math.round((share / whole) * 100)}%` : '—'

export const isOver = ({ average_days, dwell_max_days }: StageFigures): boolean =>
  average_days !== null && dwell_max_days !== null && Number(average_days) > dwell_max_days

export const standardWords = (t: TFunction, { dwell_min_days: min, dwell_max_days: max }: StageFigures): string =>
  min === null && max === null
    ? '—'
    : t('dashboard.dayRange', { range: [min, max].filter((days) => days !== null).join('–') })

export const isBlank = ({ stages, won, lost, sources }: Dashboard): boolean =>
  sources.length === 0 &&
  won.count + lost.count === 0 &&
  stages.every(({ count, finished, standing }) => count + finished + standing === 0)
