import { describe, expect, test } from 'vitest'
import type { Me } from '@/api/types'
import { zhCN } from '@/i18n/zh-CN'
import { ME } from '@/testing/answers'
import { adminFor, mainFor, type NavItem, sideToolsFor, tabsFor, toolsFor } from './nav'

const placesOf = (...groups: NavItem[][]): string[] =>
  groups
    .flat()
    .map(({ to }) => to)
    .sort()

const EVERY_PERMISSION = Object.keys(zhCN.roles.permissions)

describe('the phone leads wherever the PC leads, and to "me" besides', () => {
  test.each<[string, Partial<Me>]>([
    ['somebody who may do everything', { permissions: EVERY_PERMISSION, scopes: ['own', 'region', 'company', 'pool'] }],
    ['an administrator who sells nothing', { permissions: EVERY_PERMISSION, scopes: [] }],
    ['a salesperson', { permissions: ['opportunity.read', 'lead.create'], scopes: ['own'] }],
    ['an engineer', { permissions: ['support.answer'], scopes: [] }],
  ])('%s', (_who, more) => {
    const me = { ...ME, ...more }
    const onPc = placesOf(mainFor(me), sideToolsFor(me), adminFor(me), [{ to: '/me' } as NavItem])
    expect(placesOf(tabsFor(me), toolsFor(me))).toEqual(onPc)
  })
})

test('the page "me" of an administrator has what is kept in the administration', () => {
  const tools = placesOf(toolsFor({ ...ME, permissions: EVERY_PERMISSION, scopes: ['company'] }))
  expect(tools).toEqual(expect.arrayContaining(['/admin/document-kinds', '/admin/pipelines', '/admin/ladders']))
  expect(tools).toEqual(expect.arrayContaining(['/dashboard', '/contracts', '/imports', '/exports', '/support']))
})

test('nothing that a salesperson uses is called administration', () => {
  const rep = { ...ME, permissions: ['opportunity.read', 'support.ask', 'export.run'], scopes: ['own' as const] }
  expect(placesOf(mainFor(rep))).toContain('/support')
  expect(placesOf(sideToolsFor(rep))).toEqual(['/exports'])
  expect(adminFor(rep)).toEqual([])
})
