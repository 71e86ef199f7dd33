/** One line of the mapping table: a place in the body, the field it fills, what is done on the way, and what stands in when it is empty. */
export interface MappingRow {
  path: string
  target: string
  transforms: string[]
  fallback: string
}

type Mapping = Record<string, unknown>

interface Source {
  path?: string
  transforms?: string[]
  constant?: string
}

const isSource = (value: unknown): value is Source => typeof value === 'object' && value !== null
const asSource = (value: unknown): Source => (isSource(value) ? value : { path: String(value) })

export const EMPTY_ROW: MappingRow = { path: '', target: '', transforms: [], fallback: '' }

/** The mapping as lines: a fixed text stands beside the place that it stands in for. */
export function toRows(mapping: Mapping): MappingRow[] {
  return Object.entries(mapping).flatMap(([target, given]) => {
    const rows: MappingRow[] = []
    for (const source of (Array.isArray(given) ? given : [given]).map(asSource)) {
      const last = rows.at(-1)
      if (source.constant === undefined)
        rows.push({ target, path: source.path ?? '', transforms: source.transforms ?? [], fallback: '' })
      else if (last && !last.fallback) last.fallback = source.constant
      else rows.push({ ...EMPTY_ROW, target, fallback: source.constant })
    }
    return rows
  })
}

/** The lines as the server keeps them; a line without a field or without anything to fill it says nothing. */
export function toMapping(rows: MappingRow[]): Mapping {
  const mapping: Record<string, unknown[]> = {}
  for (const { path, target, transforms, fallback } of rows) {
    const place = path.trim()
    const sources: unknown[] = []
    if (place) sources.push(transforms.length > 0 ? { path: place, transforms } : place)
    if (fallback.trim()) sources.push({ constant: fallback.trim() })
    if (target && sources.length > 0) mapping[target] = [...(mapping[target] ?? []), ...sources]
  }
  return mapping
}
