import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = import.meta.dirname
const read = (path: string): string => readFileSync(path, 'utf8')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((name) => join(SRC, name))

/** The classes that a module of styles has; those of a library stand in `:global()`. */
function classesOf(css: string): Set<string> {
  const rules = css.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/:global\((?:[^()]|\([^()]*\))*\)/g, '')
  const selectors = [...rules.matchAll(/[^{};]+(?=\{)/g)].map(([selector]) => selector).join(' ')
  return new Set([...selectors.matchAll(/\.([A-Za-z_][\w-]*)/g)].map((match) => match[1] ?? ''))
}

interface Use {
  by: string
  path: string
  names: string[]
  /** The name is chosen while the program runs, such as by a size. */
  isChosen: boolean
}

const uses: Use[] = files
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
  .flatMap((by) => {
    const text = read(by)
    return [...text.matchAll(/^import (\w+) from '([^']+\.module\.css)'/gm)].map(([, local, from = '']): Use => {
      const path = from.startsWith('@/') ? join(SRC, from.slice(2)) : join(dirname(by), from)
      const names = [...text.matchAll(new RegExp(`\\b${local}\\.(\\w+)`, 'g'))].map((match) => match[1] ?? '')
      return { by: relative(SRC, by), path, names, isChosen: new RegExp(`\\b${local}\\[`).test(text) }
    })
  })

test('the classes of a module are found, and those of a library are not among them', () => {
  const css =
    '/* .no { } */ .one:hover :global(.lib:not(.x)) { width: 0.5px } @media (max-width: 7.98px) { .two, .one > .three-x { } }'
  expect([...classesOf(css)].sort()).toEqual(['one', 'three-x', 'two'])
})

test('every style that a component asks for is there', () => {
  const missing = uses.flatMap(({ by, path, names }) => {
    const known = existsSync(path) ? classesOf(read(path)) : new Set<string>()
    return names.filter((name) => !known.has(name)).map((name) => `${by}: ${relative(SRC, path)} has no .${name}`)
  })
  expect(uses.length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})

test('every style is asked for', () => {
  const unused = files
    .filter((path) => path.endsWith('.module.css'))
    .flatMap((path) => {
      const mine = uses.filter((use) => use.path === path)
      if (mine.some(({ isChosen }) => isChosen)) return []
      const asked = new Set(mine.flatMap(({ names }) => names))
      return [...classesOf(read(path))]
        .filter((name) => !asked.has(name))
        .map((name) => `${relative(SRC, path)}: .${name}`)
    })
  expect(unused).toEqual([])
})
