/** 13812345678 as 138 1234 5678; anything else stays as it is. */
export function readablePhone(phone: string): string {
  const match = /^(?:\+?86)?\s*(1\d{2})(\d{4})(\d{4})$/.exec(phone.replaceAll(/[\s-]/g, ''))
  return match ? `${match[1]} ${match[2]} ${match[3]}` : phone
}

export const telHref = (phone: string): string => `tel:${phone.replaceAll(/[^\d+*#,]/g, '')}`
