import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { adopt } from '@/api/session'
import type { Email } from '@/api/types'
import { DocumentSheetsHost } from '@/components/document/DocumentSheets'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { Letter } from './Letter'

const EMAIL: Email = {
  id: '0198a000-0000-7000-8000-0000000000d1',
  thread_id: '0198a000-0000-7000-8000-0000000000d1',
  message_id: 'd1@us.example',
  direction: 'out',
  state: 'failed',
  reason: 'refused',
  detail: '550 5.1.1 User unknown',
  sender: { address: 'sales@us.example', name: '张磊' },
  to: [{ address: 'buyer@c.example', name: '钱总' }],
  cc: [],
  answer_to: [],
  person: null,
  contact: null,
  subject: '报价',
  excerpt: '报价见附件',
  text: '报价见附件',
  is_cut: false,
  has_source: true,
  at: '2026-03-10T02:00:00Z',
  sent_at: null,
  received_at: null,
  filed_by: null,
  filed_at: null,
  files: 0,
  attachments: [],
  delivery: null,
  of: null,
  subject_type: 'opportunity',
  subject_id: '0198a000-0000-7000-8000-0000000000b1',
  actions: ['reply', 'retry'],
  version: 1,
}
const RETRY = `/api/v1/emails/${EMAIL.id}/retry`
const SOURCE = `/api/v1/emails/${EMAIL.id}/source`
const FILE = {
  id: '0198a000-0000-7000-8000-0000000000f1',
  name: '样品.png',
  media_type: 'image/png',
  family: 'picture' as const,
  size: 4,
  is_inline: false,
  refused: null,
  document_id: null,
  may_be_shown: true,
}
const CONTENT = `/api/v1/email-files/${FILE.id}/content`

beforeEach(() => {
  adopt(signedIn('one'))
  // What jsdom lacks.
  Object.assign(URL, { createObjectURL: () => 'blob:here', revokeObjectURL: () => undefined })
})

function show(more: Partial<Email> = {}) {
  renderApp(
    <DocumentSheetsHost>
      <ol>
        <Letter email={{ ...EMAIL, ...more }} isFirstOpen />
      </ol>
    </DocumentSheetsHost>,
  )
  return hand()
}

/** What the browser was given to save. */
function saved(): string[] {
  const names: string[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download)
  })
  return names
}

test('a letter that failed says why, and is sent again under one key however often one tries', async () => {
  const backend = serve({
    [`POST ${RETRY}`]: [problem(503, 'database_away'), json({ ...EMAIL, state: 'pending', reason: null })],
  })
  const user = show()
  const notice = screen.getByRole('alert')
  expect(notice.textContent).toContain('对方服务器拒收')
  expect(notice.textContent).toContain('550 5.1.1 User unknown')
  const again = within(notice).getByRole('button', { name: '重新发送' })
  await user.click(again)
  expect(await screen.findByText(/服务暂时不可用/)).toBeTruthy()
  await user.click(again)
  await waitFor(() => expect(backend.to(RETRY)).toHaveLength(2))
  const keys = backend.to(RETRY).map(({ headers }) => headers.get('Idempotency-Key'))
  expect(keys[0]).toBeTruthy()
  expect(keys[1]).toBe(keys[0])
})

test('who may not send it again has no button for it', () => {
  show({ actions: [] })
  expect(screen.getByRole('alert').textContent).toContain('对方服务器拒收')
  expect(screen.queryByRole('button', { name: '重新发送' })).toBeNull()
})

test.each([false, true])('the letter as it travelled can be saved, said once (text cut: %s)', async (is_cut) => {
  serve({
    [`GET ${SOURCE}`]: new Response('From: …', {
      headers: { 'Content-Disposition': "attachment; filename*=UTF-8''d1.eml" },
    }),
  })
  const names = saved()
  const user = show({ state: 'sent', reason: null, detail: null, is_cut })
  await user.click(screen.getByRole('button', { name: '下载原件' }))
  await waitFor(() => expect(names).toEqual(['d1.eml']))
})

test('what has not gone yet has no original', () => {
  show({ state: 'pending', reason: null, detail: null, has_source: false, actions: [] })
  expect(screen.queryByRole('button', { name: '下载原件' })).toBeNull()
})

test('a file that a browser shows is looked at inside the page, another one is saved', async () => {
  const backend = serve({ [`GET ${CONTENT}`]: new Response('png') })
  const names = saved()
  const archive = { ...FILE, name: '图纸.zip', family: 'archive' as const, may_be_shown: false }
  const user = show({
    state: 'sorting',
    reason: 'unknown_sender',
    direction: 'in',
    attachments: [FILE, { ...archive, id: 'x' }],
  })
  await user.click(screen.getByRole('button', { name: /样品.png/ }))
  const picture = await screen.findByRole('img', { name: '样品.png' })
  expect(picture.getAttribute('src')).toBe('blob:here')
  expect(names).toEqual([])
  await user.click(screen.getByRole('button', { name: '下载' }))
  await waitFor(() => expect(names).toEqual(['样品.png']))
  expect(backend.to(CONTENT)).toHaveLength(2)
})
