import type { LeadCard, Me, SignedIn } from '@/api/types'

export const ME: Me = {
  id: '0198a000-0000-7000-8000-000000000001',
  name: '张磊',
  login: 'zhanglei',
  email: null,
  mobile: '15405555555',
  locale: 'zh-CN',
  roles: [{ code: 'sales_rep', name_zh: '销售员', name_en: 'Sales rep' }],
  permissions: ['lead.create', 'lead.follow_up', 'people.read'],
  scopes: ['own'],
  region: { id: '0198a000-0000-7000-8000-0000000000e1', name: '华东' },
  on_leave: false,
}

export const signedIn = (token: string, more: Partial<SignedIn> = {}): SignedIn => ({
  access_token: token,
  token_type: 'bearer',
  expires_in: 900,
  me: ME,
  ...more,
})

export const LEAD: LeadCard = {
  id: '0198a000-0000-7000-8000-0000000000a1',
  number: 'XS00000001',
  company: '苏州恒力精密机械有限公司',
  contact_name: '陈建国',
  phone: '15412345678',
  province: '江苏',
  city: '苏州',
  source: 'website',
  product_line: '冲压件',
  is_test: false,
  state: 'assigned',
  owner: { id: ME.id, name: ME.name },
  region: ME.region,
  received_at: '2026-03-10T02:00:00Z',
  assigned_at: '2026-03-10T02:00:00Z',
  first_follow_up_at: null,
  follow_up_due_at: '2026-03-12T02:00:00Z',
  returns_to_pool_at: '2026-04-09T02:00:00Z',
  escalation_level: 0,
  last_activity_at: '2026-03-10T02:00:00Z',
  next_step: null,
  next_step_at: null,
  expected_amount: null,
  currency: 'CNY',
  version: 1,
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type, ...headers } })
}

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Response {
  return json({ type: 'about:blank', title: code, status, detail: code, code, params: {}, errors: [], ...more }, status)
}
