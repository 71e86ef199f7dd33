import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = import.meta.dirname
const LONGEST = 300

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts'))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))

const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from|import\()\s*'(@\/[^']+)'/g)].map((match) => match[1] ?? '')
const featureOf = (path: string): string | undefined => /^(?:@\/)?features\/([^/]+)/.exec(path)?.[1]

function offenders(isOffence: (name: string, imported: string) => boolean): string[] {
  return files.flatMap(({ name, text }) =>
    importsOf(text)
      .filter((imported) => isOffence(name, imported))
      .map((imported) => `${name} -> ${imported}`),
  )
}

describe('imports point one way', () => {
  test('no feature reaches into another', () => {
    const crossed = offenders((name, imported) => {
      const [from, to] = [featureOf(name), featureOf(imported)]
      return from !== undefined && to !== undefined && from !== to
    })
    expect(crossed).toEqual([])
  })

  test('only the app knows the features', () => {
    const layers = /^(api|components|lib|i18n)\//
    expect(offenders((name, imported) => layers.test(name) && /^@\/(features|app)\//.test(imported))).toEqual([])
    expect(offenders((name, imported) => name.startsWith('features/') && imported.startsWith('@/app/'))).toEqual([])
  })

  test('what is tested does not import the tests', () => {
    const isTest = (name: string): boolean => /\.test\.|^testing\//.test(name)
    expect(offenders((name, imported) => !isTest(name) && imported.startsWith('@/testing/'))).toEqual([])
  })
})

test('no barrel files, no file longer than 300 lines', () => {
  expect(files.filter(({ name }) => /(^|\/)index\.tsx?$/.test(name)).map(({ name }) => name)).toEqual([])
  const long = files.filter(({ text }) => text.split('\n').length > LONGEST)
  expect(long.map(({ name }) => name)).toEqual([])
})
