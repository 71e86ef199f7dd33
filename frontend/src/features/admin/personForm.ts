import type { Person, PersonCreate, PersonPatch } from '@/api/types'

export interface PersonFields {
  name: string
  login?: string
  password?: string
  email?: string | null
  mobile?: string | null
  dingtalk_mobile?: string | null
  roles: string[]
  region_id?: string | null
  supervisor_id?: string | null
  takes_leads: boolean
  product_lines: string[]
  languages: string[]
}

const EDITABLE = [
  'name',
  'email',
  'mobile',
  'dingtalk_mobile',
  'roles',
  'region_id',
  'supervisor_id',
  'takes_leads',
  'product_lines',
  'languages',
] as const

export type Editable = (typeof EDITABLE)[number]

export function toFields(person: Person): PersonFields {
  return {
    name: person.name,
    email: person.email,
    mobile: person.mobile,
    dingtalk_mobile: person.dingtalk_mobile,
    roles: person.roles,
    region_id: person.region?.id ?? null,
    supervisor_id: person.supervisor?.id ?? null,
    takes_leads: person.takes_leads,
    product_lines: person.product_lines,
    languages: person.languages,
  }
}

const emptyToNull = (value: unknown): unknown => (value === '' || value === undefined ? null : value)
const same = (one: unknown, two: unknown): boolean =>
  JSON.stringify(emptyToNull(one)) === JSON.stringify(emptyToNull(two))

/** Only what differs goes over the wire, so that two people can change different things. */
export function toPatch(before: PersonFields, after: PersonFields): PersonPatch {
  const changed = EDITABLE.filter((name) => !same(before[name], after[name]))
  return Object.fromEntries(changed.map((name) => [name, emptyToNull(after[name])])) as PersonPatch
}

/** The fields in which a newer state differs from what the form shows. */
export function differingFields(mine: PersonFields, theirs: PersonFields): Editable[] {
  return EDITABLE.filter((name) => !same(mine[name], theirs[name]))
}

export function toCreate(fields: PersonFields): PersonCreate {
  const filled = Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null)
  return Object.fromEntries(filled) as unknown as PersonCreate
}
