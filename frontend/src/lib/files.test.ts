import { expect, test } from 'vitest'
import { guessKind, sizeWords, tooLarge } from './files'

const KINDS = ['requirement', 'drawing', 'quote', 'minutes', 'contract', 'recording', 'photo', 'other']
const named = (name: string, type = ''): string => guessKind({ name, type }, KINDS)

test('a kind is guessed by the name, then by what the file is', () => {
  expect(named('电机支架需求说明.docx')).toBe('requirement')
  expect(named('会议纪要0310.pdf')).toBe('minutes')
  expect(named('HY-2100.dwg')).toBe('drawing')
  expect(named('录音001.m4a')).toBe('recording')
  expect(named('IMG_2031.JPG', 'image/jpeg')).toBe('photo')
  expect(named('clip', 'audio/amr')).toBe('recording')
  expect(named('a.zip')).toBe('other')
  expect(guessKind({ name: '需求.pdf', type: '' }, ['drawing'])).toBe('drawing')
})

test('sizes are said shortly, and compared with the limit of the kind', () => {
  expect([500, 48_000, 3_355_443, 52_428_800].map(sizeWords)).toEqual(['500 B', '47 KB', '3.2 MB', '50 MB'])
  expect([tooLarge(1_048_577, 1), tooLarge(1_048_576, 1), tooLarge(9, undefined)]).toEqual([true, false, false])
})
