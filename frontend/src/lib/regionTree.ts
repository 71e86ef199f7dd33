import type { Region } from '@/api/types'

export interface RegionNode {
  region: Region
  depth: number
}

/** The flat list as a tree in reading order: each parent before its children. */
export function inTreeOrder(regions: Region[]): RegionNode[] {
  const known = new Set(regions.map((region) => region.id))
  const childrenOf = (parent: string | null): Region[] =>
    regions.filter((region) => (region.parent_id && known.has(region.parent_id) ? region.parent_id : null) === parent)
  const walk = (parent: string | null, depth: number): RegionNode[] =>
    childrenOf(parent).flatMap((region) => [{ region, depth }, ...walk(region.id, depth + 1)])
  return walk(null, 0)
}

/** A region and everything below it: none of them can be its parent. */
export function subtreeIds(regions: Region[], id: string): Set<string> {
  const below = regions
    .filter((region) => region.parent_id === id)
    .flatMap((region) => [...subtreeIds(regions, region.id)])
  return new Set([id, ...below])
}

export interface RegionOption {
  value: string
  label: string
  depth: number
}

/** Regions to choose from: shown indented in the list, plain once chosen. */
export function regionOptions(regions: Region[]): RegionOption[] {
  return inTreeOrder(regions).map(({ region, depth }) => ({ value: region.id, label: region.name, depth }))
}

export const indentedOption = ({ data }: { data: RegionOption }): string => `${'　'.repeat(data.depth)}${data.label}`
