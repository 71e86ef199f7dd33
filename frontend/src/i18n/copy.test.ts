import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from './en'
import { asLanguage, firstLanguage } from './i18n'
import { zhCN } from './zh-CN'

const SRC = join(import.meta.dirname, '..')

function flatten(node: object, prefix = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value as object, `${prefix}${key}.`),
  )
}

/** English has a form for one that Chinese does without. */
const keysOf = (copy: object): string[] =>
  [...new Set(flatten(copy).map(([key]) => key.replace(/_(one|other)$/, '')))].sort()

const variablesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|\.d\.ts$|^i18n\//.test(name))
    .map((name) => readFileSync(join(SRC, name), 'utf8'))
}

describe('the copy', () => {
  test('has the same keys in both languages', () => {
    expect(keysOf(en)).toEqual(keysOf(zhCN))
  })

  test('uses the same variables in both languages', () => {
    const chinese = new Map(flatten(zhCN))
    const differing = flatten(en).filter(([key, text]) => {
      const other = chinese.get(key)
      return other !== undefined && variablesOf(text).join() !== variablesOf(other).join()
    })
    expect(differing.map(([key]) => key)).toEqual([])
  })

  test('leaves nothing untranslated', () => {
    expect(flatten(en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
    expect(flatten(zhCN).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('in English has no quotation marks that a Chinese font draws as wide as a character', () => {
    expect(flatten(en).filter(([, text]) => /[‘’“”]/.test(text))).toEqual([])
  })

  test('has every key that is used', () => {
    const known = new Set(keysOf(zhCN))
    const used = sources().flatMap((source) =>
      [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(used.length).toBeGreaterThan(200)
    expect(used.filter((key) => !known.has(key))).toEqual([])
  })

  test('has every group from which a code picks', () => {
    const groups = [...new Set(flatten(zhCN).map(([key]) => key))]
    const used = sources().flatMap((source) =>
      [...source.matchAll(/(?:\bt\(\s*|word\(t,\s*)`([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`),
    )
    expect(used.filter((prefix) => !groups.some((key) => key.startsWith(prefix)))).toEqual([])
  })

  test('carries no key that nobody uses', () => {
    const all = sources().join('\n')
    const prefixes = [...all.matchAll(/`([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`)
    const unused = keysOf(zhCN).filter(
      (key) => !all.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })
})

test('the first language is the stored one, else the browser decides', () => {
  expect(firstLanguage('en', 'zh-CN')).toBe('en')
  expect(firstLanguage(null, 'zh-HK')).toBe('zh-CN')
  expect(firstLanguage('fr', 'de-DE')).toBe('en')
  expect(asLanguage('en-GB')).toBe('en')
})
