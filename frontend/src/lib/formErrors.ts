import { ApiProblem } from '@/api/problem'

export type FieldPath = (string | number)[]

/** "/areas/0/city", "#/areas/0/city" or "/body/areas/0/city" to the path of a form field. */
export function fieldPath(pointer: string): FieldPath {
  const parts = pointer.replace(/^#/, '').split('/').filter(Boolean)
  const inBody = parts[0] === 'body' && parts.length > 1 ? parts.slice(1) : parts
  return inBody.map((part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return /^\d+$/.test(name) ? Number(name) : name
  })
}

export interface MappedErrors {
  fields: { name: FieldPath; errors: string[] }[]
  /** Errors that no field of the form can show. */
  others: string[]
}

/** Spreads the errors of a 422 over the fields of a form. */
export function mapErrors(
  error: unknown,
  known: readonly string[],
  words: (code: string, detail: string) => string,
): MappedErrors {
  const result: MappedErrors = { fields: [], others: [] }
  if (!(error instanceof ApiProblem)) return result
  for (const { pointer, code, detail } of error.errors) {
    const name = fieldPath(pointer)
    const text = words(code, detail)
    const isKnown = known.includes(String(name[0]))
    const shown = isKnown && result.fields.find((field) => field.name.join('/') === name.join('/'))
    if (shown) shown.errors.push(text)
    else if (isKnown) result.fields.push({ name, errors: [text] })
    else result.others.push(text)
  }
  return result
}
