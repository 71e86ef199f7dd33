import { describe, expect, test } from 'vitest'
import type { Person, Region } from '@/api/types'
import { inTreeOrder, regionOptions, subtreeIds } from '@/lib/regionTree'
import { differingFields, toCreate, toFields, toPatch } from './personForm'

const region = (id: string, parent_id: string | null): Region => ({
  id,
  parent_id,
  name: id,
  code: id,
  areas: [],
  version: 1,
})
const REGIONS = [
  region('suzhou', 'east'),
  region('cn', null),
  region('east', 'cn'),
  region('south', 'cn'),
  region('lost', 'hidden'),
]

describe('the region tree', () => {
  test('shows parents before children; one whose parent is out of sight is a root', () => {
    const order = inTreeOrder(REGIONS).map(({ region: { id }, depth }) => `${depth}${id}`)
    expect(order).toEqual(['0cn', '1east', '2suzhou', '1south', '0lost'])
  })
  test('a region cannot go below itself', () => {
    expect([...subtreeIds(REGIONS, 'east')].sort()).toEqual(['east', 'suzhou'])
  })
  test('options are plain names with their depth', () => {
    expect(regionOptions(REGIONS)[2]).toEqual({ value: 'suzhou', label: 'suzhou', depth: 2 })
  })
})

const PERSON: Person = {
  id: 'p',
  name: '张磊',
  login: 'zhanglei',
  email: null,
  mobile: '15405555555',
  region: { id: 'east', name: '华东' },
  supervisor: null,
  is_active: true,
  takes_leads: true,
  product_lines: ['冲压件'],
  languages: [],
  locale: 'zh-CN',
  dingtalk_mobile: null,
  access_ends_at: null,
  roles: ['sales_rep'],
  on_leave: false,
  version: 3,
}

describe('a person in the form', () => {
  const before = toFields(PERSON)
  test('only what changed is sent', () => {
    expect(toPatch(before, { ...before, email: '', mobile: '15400000000' })).toEqual({ mobile: '15400000000' })
    expect(toPatch(before, { ...before, region_id: null, roles: ['sales_rep', 'hr'] })).toEqual({
      region_id: null,
      roles: ['sales_rep', 'hr'],
    })
    expect(toPatch(before, before)).toEqual({})
  })
  test('a newer state says where it differs', () => {
    const theirs = toFields({ ...PERSON, name: '张蕾', takes_leads: false })
    expect(differingFields(before, theirs)).toEqual(['name', 'takes_leads'])
  })
  test('a new one leaves out what was left empty', () => {
    expect(toCreate({ ...before, login: 'zhanglei', password: 'chengdan2026', email: '' })).not.toHaveProperty('email')
  })
})
