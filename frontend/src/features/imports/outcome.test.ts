import { describe, expect, test } from 'vitest'
import type { ImportCard, ImportState } from '@/api/types'
import { outcomeLine, percentOf } from './outcome'

const NONE = {
  total: 0,
  done: 0,
  problems: 0,
  duplicates: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  joined: 0,
  undone: 0,
}
const run = (state: ImportState, counts: Partial<ImportCard['counts']> = {}) => ({
  state,
  counts: { ...NONE, ...counts },
})

describe('what came of a run', () => {
  const t = ((key: string, { count }: { count: number }) => `${key.split('.').at(-1)} ${count}`) as never
  test.each([
    [run('reading'), ''],
    [run('done', { created: 3, unchanged: 4 }), 'created 3'],
    [
      run('done', { created: 3, updated: 2, duplicates: 1, problems: 4 }),
      'created 3 · updated 2 · duplicates 1 · problems 4',
    ],
    [run('undone', { created: 3, undone: 0 }), 'created 3 · undone 0'],
    [run('done', { created: 3, undone: 2 }), 'created 3'],
  ])('says only what there is to say', (given, line) => {
    expect(outcomeLine(t, given)).toBe(line)
  })
})

describe('how far a run is', () => {
  test.each([
    [run('reading', { total: 50, done: 50 }), null],
    [run('checking'), null],
    [run('checking', { total: 3, done: 0 }), 0],
    [run('running', { total: 3, done: 2 }), 66],
    [run('running', { total: 3, done: 3 }), 100],
    [run('running', { total: 3, done: 4 }), 100],
    [run('undoing', { total: 10, created: 4, done: 1 }), 25],
    [run('undoing', { total: 10, created: 0 }), 0],
  ])('is told in whole percent of the phase, or not at all', (given, percent) => {
    expect(percentOf(given)).toBe(percent)
  })
})
