import { expect, test } from 'vitest'
import { partsOf, plainSubject, quoting } from './quoted'
import samples from './quoted.samples.json'

const told = (text: string): string[] => partsOf(text).map(({ isQuoted, text }) => `${isQuoted ? '|' : ''}${text}`)

test.each([
  ['可以，下周二到。\n\n> 什么时候到货？\n> 张磊', ['可以，下周二到。', '|> 什么时候到货？\n> 张磊']],
  [
    '收到。\n\n------------------ 原始邮件 ------------------\n发件人: "张磊"\n报价见附件。',
    ['收到。', '|------------------ 原始邮件 ------------------\n发件人: "张磊"\n报价见附件。'],
  ],
  [
    'Fine.\nOn Tue, 10 Mar 2026 at 10:00, Zhang Lei\n<a@b.example> wrote:\n> the offer',
    ['Fine.', '|On Tue, 10 Mar 2026 at 10:00, Zhang Lei\n<a@b.example> wrote:\n> the offer'],
  ],
  [
    '好的\n\n发件人：张磊\n发送时间：2026 年 3 月 10 日\n收件人：钱总\n\n图纸见附件',
    ['好的', '|发件人：张磊\n发送时间：2026 年 3 月 10 日\n收件人：钱总\n\n图纸见附件'],
  ],
  ['> 第一问\n答一\n\n> 第二问\n答二', ['|> 第一问', '答一', '|> 第二问', '答二']],
  ['From: 苏州厂发货，\n请安排', ['From: 苏州厂发货，\n请安排']],
  ['> 只有引用', ['> 只有引用']],
  ['a\r\nb', ['a\nb']],
])('what a letter repeats is told apart: %j', (text, parts) => {
  expect(told(text)).toEqual(parts)
})

test.each(samples)('the server tells the same of %j', (text = '', own = '') => {
  const said = partsOf(text).flatMap(({ isQuoted, text }) => (isQuoted ? [] : text.split('\n')))
  expect(said.filter(Boolean)).toEqual(own.split('\n').filter(Boolean))
})

test('a subject without what was put before it', () => {
  expect(['Re: 回复：RE[2]: 报价', '转发: Re：图纸', '报价 re: 二期', 'Refund'].map(plainSubject)).toEqual([
    '报价',
    '图纸',
    '报价 re: 二期',
    'Refund',
  ])
})

test('an answer repeats each line', () => {
  expect(quoting('一\n\n二\n')).toBe('> 一\n>\n> 二')
})
