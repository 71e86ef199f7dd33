import type { TFunction } from 'i18next'
import type { Customer, Lead, MergeCreate } from '@/api/types'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { money } from '@/lib/money'

export interface SideField {
  name: string
  label: string
  value: string
}

/** A lead or a customer as the merge sheet shows it. */
export interface Side {
  id: string
  number: string
  name: string
  owner: string | null
  since: string
  fields: SideField[]
}

const LEAD_FIELDS = [
  ['company', 'lead.company'],
  ['contact_name', 'lead.contact'],
  ['phone', 'lead.phone'],
  ['email', 'lead.email'],
  ['wechat', 'lead.wechat'],
  ['province', 'lead.province'],
  ['city', 'lead.city'],
  ['campaign', 'lead.campaign'],
  ['product_line', 'lead.productLine'],
  ['language', 'lead.language'],
  ['need', 'lead.need'],
] as const

export function leadSide(t: TFunction, lead: Lead): Side {
  const texts = LEAD_FIELDS.map(([name, label]) => ({ name, label: t(label), value: lead[name] ?? '' }))
  const amount = lead.expected_amount ? money(lead.expected_amount, lead.currency) : ''
  return {
    id: lead.id,
    number: lead.number,
    name: leadName(t, lead),
    owner: lead.owner?.name ?? null,
    since: lead.received_at,
    fields: [...texts, { name: 'expected_amount', label: t('lead.amount'), value: amount }],
  }
}

const CUSTOMER_FIELDS = [
  'name',
  'credit_code',
  'province',
  'city',
  'address',
  'industry',
  'website',
  'payment_terms',
  'notes',
] as const

export function customerSide(t: TFunction, customer: Customer): Side {
  const label = (name: (typeof CUSTOMER_FIELDS)[number] | 'parent_id' | 'source' | 'is_key' | 'tags'): string =>
    t(`customer.fields.${name}`)
  const field = (name: Parameters<typeof label>[0], value: string): SideField => ({ name, label: label(name), value })
  return {
    id: customer.id,
    number: customer.number,
    name: customer.name,
    owner: customer.owner.name,
    since: customer.created_at,
    fields: [
      ...CUSTOMER_FIELDS.map((name) => field(name, customer[name] ?? '')),
      field('parent_id', customer.parent?.name ?? ''),
      field('source', sourceWords(t, customer.source)),
      field('is_key', t(customer.is_key ? 'change.yes' : 'change.no')),
      field('tags', customer.tags.join(t('common.listSeparator'))),
      { name: 'next_step', label: t('customer.nextStep'), value: customer.next_step ?? '' },
    ],
  }
}

const said = (side: Side, name: string): string => side.fields.find((one) => one.name === name)?.value ?? ''

export interface Pair {
  name: string
  label: string
  values: [string, string]
}

/** The fields in which the two differ, with the value of the one that stays first. */
export function differing(survivor: Side, loser: Side): Pair[] {
  const pairs = survivor.fields.map(
    ({ name, label, value }): Pair => ({
      name,
      label,
      values: [value, said(loser, name)],
    }),
  )
  return pairs.filter(({ values: [one, other] }) => one !== other)
}

/** Where the one that stays says nothing, what the other one says is taken. */
export function filledIn(survivor: Side, loser: Side): string[] {
  return differing(survivor, loser)
    .filter(({ values: [one, other] }) => !one && other)
    .map(({ name }) => name)
}

/** One with an owner stays; else the one that came first. */
export function staysFirst(one: Side, other: Side): boolean {
  if (Boolean(one.owner) !== Boolean(other.owner)) return Boolean(one.owner)
  return one.since <= other.since
}

export function toMerge(loser: Side, take: string[], reason: string): MergeCreate {
  return { loser_id: loser.id, take, reason: reason.trim() }
}
