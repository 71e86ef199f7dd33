import { expect, test } from 'vitest'
import { isSame, moved, readLayout, sized, TILES, USUAL } from './layout'

test('what was kept stands, what is unknown goes, what came later is added', () => {
  const kept = {
    tiles: [
      { name: 'sources', width: 4, height: 9 },
      { name: 'weather', width: 1, height: 1 },
    ],
  }
  const tiles = readLayout(kept)
  expect(tiles.map(({ name }) => name)).toEqual(['sources', 'funnel', 'dwell', 'conversion'])
  expect(tiles[0]).toEqual({ name: 'sources', width: 4, height: 4 })
  expect(isSame(readLayout(undefined), USUAL)).toBe(true)
})

test('a tile moves and the others close up', () => {
  expect(moved(USUAL, 'funnel', 2).map(({ name }) => name)).toEqual(['dwell', 'conversion', 'funnel', 'sources'])
  expect(moved(USUAL, 'sources', -3).map(({ name }) => name)).toEqual(['sources', 'funnel', 'dwell', 'conversion'])
  expect(moved(USUAL, 'dwell', 99).at(-1)?.name).toBe('dwell')
})

test('a size stays within its bounds and changes one tile', () => {
  const tiles = sized(USUAL, 'dwell', { width: 7 })
  expect(tiles.find(({ name }) => name === 'dwell')).toEqual({ name: 'dwell', width: 4, height: 2 })
  expect(sized(tiles, 'dwell', { width: 2, height: 0 })[1]?.height).toBe(1)
  expect(tiles.filter(({ width }) => width === 2)).toHaveLength(TILES.length - 1)
})
