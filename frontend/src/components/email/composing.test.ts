import { beforeAll, expect, test } from 'vitest'
import type { Email } from '@/api/types'
import { i18next, startI18n, switchLanguage } from '@/i18n/i18n'
import { addressesOf, answering, asLeft, EMPTY, type Enclosed, isAddress, toEmail } from './composing'

beforeAll(async () => {
  await startI18n()
  await switchLanguage('zh-CN')
})

test('addresses are read as people paste them', () => {
  expect(addressesOf(['钱总 <qian@c.example>; Tech@c.example，', 'tech@c.example'])).toEqual([
    'qian@c.example',
    'Tech@c.example',
  ])
  expect(['a@b.example', 'a@b', '钱总', 'a b@c.example'].map(isAddress)).toEqual([true, false, false, false])
})

test('an answer repeats what the letter itself said, below a line of its own', () => {
  const email = {
    direction: 'in',
    sender: { address: 'qian@c.example', name: '钱总' },
    contact: null,
    answer_to: [],
    to: [{ address: 'sales@us.example', name: '' }],
    cc: [],
    subject: '回复: 报价',
    text: '可以。\n\n> 报价见附件',
    at: '2026-03-10T02:05:00Z',
  } as unknown as Email
  expect(answering(i18next.t, email, false, () => false)).toEqual({
    to: ['qian@c.example'],
    cc: [],
    subject: 'Re: 报价',
    text: '\n\n在 2026-03-10 10:05，钱总 写道：\n> 可以。',
    files: [],
  })
})

test('a draft goes out with the names that are known and the files that there are', () => {
  const file = (more: Partial<Enclosed>): Enclosed => ({ key: 'k', name: 'a.pdf', size: 1, at: 0, ...more })
  const draft = {
    ...EMPTY,
    to: ['Qian@c.example', 'new@c.example'],
    subject: ' 报价 ',
    text: '您好',
    files: [file({ version_id: 'v' }), file({ upload_id: 'u', kind: 'quote' })],
  }
  const subject = { subject_type: 'customer', subject_id: 'c' } as const
  const known = [{ address: 'qian@c.example', name: '钱总' }]
  expect(toEmail(draft, subject, known, null)).toEqual({
    ...subject,
    to: [
      { address: 'Qian@c.example', name: '钱总' },
      { address: 'new@c.example', name: '' },
    ],
    cc: [],
    subject: '报价',
    text: '您好',
    attachments: [{ version_id: 'v' }, { upload_id: 'u', kind: 'quote' }],
    reply_to: null,
  })
  expect(asLeft(draft, 86_400_000).files).toEqual([draft.files[0]])
  expect(asLeft(draft, 3_600_000).files).toEqual(draft.files)
})
