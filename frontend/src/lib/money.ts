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
