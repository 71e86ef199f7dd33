export const TILES = ['funnel', 'dwell', 'conversion', 'sources'] as const
export type TileName = (typeof TILES)[number]

/** Width in quarters of the screen, height in rows. */
export interface Tile {
  name: TileName
  width: number
  height: number
}

export const USUAL: readonly Tile[] = TILES.map((name) => ({ name, width: 2, height: 2 }))
export const MOST = 4
const LEAST = { width: 1, height: 1 }

const isTile = (value: unknown): value is Tile =>
  typeof value === 'object' && value !== null && TILES.includes((value as Tile).name)

/** What was kept, as far as it is known today; a tile that came later stands at the end. */
export function readLayout(settings: unknown): Tile[] {
  const kept = (settings as { tiles?: unknown[] } | undefined)?.tiles?.filter(isTile) ?? []
  const missing = USUAL.filter(({ name }) => !kept.some((tile) => tile.name === name))
  return [...kept, ...missing].map((tile) => ({
    name: tile.name,
    width: within(tile.width, 'width'),
    height: within(tile.height, 'height'),
  }))
}

const within = (size: number, side: 'width' | 'height'): number =>
  Math.min(MOST, Math.max(LEAST[side], Math.round(size)))

/** A tile at another place; the others close up. */
export function moved(tiles: readonly Tile[], name: TileName, to: number): Tile[] {
  const from = tiles.findIndex((tile) => tile.name === name)
  const [tile] = tiles.slice(from, from + 1)
  if (!tile) return [...tiles]
  const others = tiles.filter((one) => one !== tile)
  others.splice(Math.min(Math.max(to, 0), others.length), 0, tile)
  return others
}

export const sized = (tiles: readonly Tile[], name: TileName, size: { width?: number; height?: number }): Tile[] =>
  tiles.map((tile) =>
    tile.name === name
      ? {
          name,
          width: within(size.width ?? tile.width, 'width'),
          height: within(size.height ?? tile.height, 'height'),
        }
      : tile,
  )

export const isSame = (one: readonly Tile[], other: readonly Tile[]): boolean =>
  one.length === other.length &&
  one.every((tile, place) => {
    const twin = other[place]
    return twin?.name === tile.name && twin.width === tile.width && twin.height === tile.height
  })
