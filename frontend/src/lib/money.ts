import type { Language } from './time'

/** A decimal string with thousands grouped; the digits are never turned into a float. */
export function groupedAmount(amount: string): string {
  const [whole = '', fraction] = amount.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction && Number(fraction) !== 0 ? `${grouped}.${fraction}` : grouped
}

const SIGNS: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', JPY: 'JP¥', GBP: '£' }

export function money(amount: string, currency: string | null): string {
  const code = currency ?? 'CNY'
  const sign = SIGNS[code]
  return sign ? `${sign}${groupedAmount(amount)}` : `${groupedAmount(amount)} ${code}`
}

export const isAmount = (text: string): boolean => /^\d{1,16}(\.\d{1,2})?$/.test(text)

const STEPS: Record<Language, [number, string][]> = {
  'zh-CN': [
    [1e8, '亿'],
    [1e4, '万'],
  ],
  en: [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ],
}

/** A large number as short as it is said: 128.5万, 1.2亿; 1.29M. For axes and headlines, never for a bill. */
export function shortNumber(value: number, language: Language): string {
  const step = STEPS[language].find(([size]) => Math.abs(value) >= size)
  if (!step) return groupedAmount(`${Math.round(value)}`)
  const [size, word] = step
  const scaled = value / size
  const digits = Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2
  return `${groupedAmount(`${Number(scaled.toFixed(digits))}`)}${word}`
}

export const shortMoney = (amount: string, currency: string, language: Language): string =>
  `${SIGNS[currency] ?? `${currency} `}${shortNumber(Number(amount), language)}`
