import type { Contact, ContactPatch, Customer, CustomerCreate, CustomerPatch } from '@/api/types'

export interface CustomerFields {
  name: string
  credit_code?: string | null
  parent_id?: string | null
  region_id?: string | null
  province?: string | null
  city?: string | null
  address?: string | null
  industry?: string | null
  website?: string | null
  payment_terms?: string | null
  source?: string
  is_key?: boolean
  owner_id?: string
  backup_owner_id?: string | null
  tags?: string[]
  notes?: string | null
}

export interface ContactFields {
  name: string
  title?: string | null
  role: Contact['role']
  phone?: string | null
  email?: string | null
  wechat?: string | null
  is_primary?: boolean
  has_left?: boolean
  notes?: string | null
}

/** What changes at once; everything else waits for a superior. */
export const FREE = new Set<string>(['tags', 'notes'])

const plain = (value: unknown): unknown => {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === '' || trimmed === undefined ? null : trimmed
}
const same = (one: unknown, two: unknown): boolean => JSON.stringify(plain(one)) === JSON.stringify(plain(two))

/** Without what was left empty: the server then applies its own defaults. */
export function filled<T extends object>(fields: T): Partial<T> {
  const kept = Object.entries(fields).map(([name, value]) => [name, plain(value)] as const)
  return Object.fromEntries(kept.filter(([, value]) => value !== null)) as Partial<T>
}

export function customerFields(customer: Customer): CustomerFields {
  return {
    ...customer,
    parent_id: customer.parent?.id ?? null,
    region_id: customer.region?.id ?? null,
    owner_id: customer.owner.id,
    backup_owner_id: customer.backup_owner?.id ?? null,
  }
}

/** Only what really differs goes over the wire. */
export function differing<T extends object>(before: T, after: Partial<T>): Partial<T> {
  const changed = Object.entries(after).filter(([name, value]) => !same(before[name as keyof T], value))
  return Object.fromEntries(changed.map(([name, value]) => [name, plain(value)])) as Partial<T>
}

export const needsApproval = (patch: object): boolean => Object.keys(patch).some((name) => !FREE.has(name))

export function toNewCustomer(fields: CustomerFields, contact: Partial<ContactFields> | undefined): CustomerCreate {
  const person = contact?.name?.trim() ? [filled(contact as ContactFields)] : []
  return { ...filled(fields), contacts: person } as CustomerCreate
}

export const toCustomerPatch = (customer: Customer, fields: CustomerFields): CustomerPatch =>
  differing(customerFields(customer), fields) as CustomerPatch

export function contactFields(contact: Contact): ContactFields {
  return { ...contact, has_left: !contact.is_active }
}

export function toContactPatch(contact: Contact, fields: ContactFields): ContactPatch {
  const { has_left, ...rest } = fields
  const wanted = { ...rest, ...(has_left === undefined ? {} : { is_active: !has_left }) }
  return differing<object>(contact, wanted) as ContactPatch
}
