import { expect, test } from 'vitest'
import { type Filter, fromFields, isShown, namesOf, toFields } from './filters'

const label = () => ''
const FILTERS: readonly Filter<'own' | 'region'>[] = [
  { kind: 'flags', name: 'flags', names: ['overdue', 'phone'], label, chip: label },
  { kind: 'days', name: 'quiet', choices: [7], label, choice: label, chip: label },
  {
    kind: 'period',
    name: 'received',
    label,
    ends: [
      { name: 'from', label, chip: label },
      { name: 'to', label, chip: label },
    ],
  },
  { kind: 'several', name: 'source', label, useOptions: () => ({ options: [], isLoading: false }) },
  { kind: 'person', name: 'owner', label, isShown: (scope) => scope !== 'own' },
  { kind: 'typed', name: 'tag', label },
]

test('what stands in the address stands in the form, and the other way round', () => {
  const search = { phone: true, quiet: 7, from: '2026-03-01', source: 'website,phone', owner: 'p1', tag: '重点' }
  const fields = toFields(FILTERS, search)
  expect(fields).toEqual({
    flags: ['phone'],
    quiet: '7',
    from: '2026-03-01',
    to: '',
    source: ['website', 'phone'],
    owner: 'p1',
    tag: ['重点'],
  })
  expect(fromFields(FILTERS, fields)).toEqual({ ...search, quiet: '7', overdue: undefined, to: undefined })
})

test('an empty form asks for nothing and names every place, so that all of them are cleared', () => {
  const names = FILTERS.flatMap(namesOf)
  expect(names).toEqual(['overdue', 'phone', 'quiet', 'from', 'to', 'source', 'owner', 'tag'])
  expect(fromFields(FILTERS, {})).toEqual(Object.fromEntries(names.map((name) => [name, undefined])))
  expect(fromFields(FILTERS, toFields(FILTERS, {}))).toEqual(fromFields(FILTERS, {}))
})

test('a filter without a condition is always shown', () => {
  expect(FILTERS.filter((filter) => !isShown(filter, 'own')).map(({ name }) => name)).toEqual(['owner'])
})
