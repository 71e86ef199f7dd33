import type { Condition, PipelineContent, StageContent } from '@/api/types'

/** A pipeline as the editor holds it and the API takes it. */
export interface PipelineDocument {
  name_zh: string
  name_en: string
  stages: StageContent[]
}

/** What can be edited of a pipeline as it stands or stood; figures that follow from the rest are left out. */
export function toDocument({ name_zh, name_en, stages }: PipelineContent): PipelineDocument {
  return {
    name_zh,
    name_en,
    stages: stages.map((stage) => {
      const { id: _, win_rate: __, ...content } = stage as StageContent & { id?: string; win_rate?: string }
      return content
    }),
  }
}

export const isSame = (one: PipelineDocument, other: PipelineDocument): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** A key that no stage has or had: history is told by it, so nobody has to think of one. */
export function freeKey(stages: readonly StageContent[]): string {
  const taken = new Set(stages.map(({ key }) => key))
  for (let number = stages.length + 1; ; number += 1) if (!taken.has(`stage_${number}`)) return `stage_${number}`
}

export const openCount = (stages: readonly StageContent[]): number =>
  stages.filter(({ kind }) => kind === 'open').length

const PLACE = { open: 0, closed: 1, contract: 2, delivery: 3 } as const

/** A further stage, behind the last one of its kind. */
export function withNewStage(
  stages: readonly StageContent[],
  kind: StageContent['kind'],
  names: Pick<StageContent, 'name_zh' | 'name_en'>,
): StageContent[] {
  const isOpen = kind === 'open'
  const made: StageContent = {
    ...names,
    key: kind === 'open' ? freeKey(stages) : kind,
    kind,
    phase: isOpen
      ? (stages[Math.max(0, openCount(stages) - 1)]?.phase ?? 'capture')
      : kind === 'delivery'
        ? 'delivery'
        : 'contract',
    baseline_rate: isOpen ? '0.5000' : null,
    dwell_min_days: null,
    dwell_max_days: null,
    may_be_skipped: false,
    may_be_returned_to: true,
    next_step: null,
    entry: [],
    exit: [],
    milestones: [],
    is_active: true,
  }
  const before = stages.filter((stage) => PLACE[stage.kind] <= PLACE[kind])
  return [...before, made, ...stages.slice(before.length)]
}

/** The open stages in another order; the others keep their places behind them. */
export function reordered(stages: readonly StageContent[], from: number, to: number): StageContent[] {
  const open = openCount(stages)
  if (from === to || from < 0 || to < 0 || from >= open || to >= open) return [...stages]
  const next = [...stages]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}

/** History names stages: those that `known` has and `wanted` lacks come along, out of use where that can be. */
export function carrying(wanted: PipelineDocument, known: PipelineDocument): PipelineDocument {
  const named = new Set(wanted.stages.map(({ key }) => key))
  const stages = known.stages
    .filter(({ key }) => !named.has(key))
    .reduce<StageContent[]>((all, stage) => {
      const kept = stage.kind === 'open' ? { ...stage, is_active: false } : stage
      const before = all.filter((one) => PLACE[one.kind] <= PLACE[stage.kind])
      return [...before, kept, ...all.slice(before.length)]
    }, wanted.stages)
  return { ...wanted, stages }
}

/** The list with two of its entries in each other's places. */
export const swapped = <T>(items: readonly T[], one: number, other: number): T[] =>
  items.map((item, place) => items[place === one ? other : place === other ? one : place] ?? item)

/** The list with one of its entries changed, or taken away. */
export function withOne<T>(items: readonly T[], place: number, changed: T | null): T[] {
  return items.flatMap((item, index) => (index === place ? (changed === null ? [] : [changed]) : [item]))
}

export const CONDITION_KINDS = [
  'field_present',
  'amount_at_least',
  'document_attached',
  'activity_logged',
  'effective_visit',
  'contact_known',
  'review_approved',
  'any_of',
] as const satisfies readonly Condition['kind'][]

export const FIELDS = [
  'expected_amount',
  'expected_close_on',
  'product_line',
  'need',
  'primary_contact',
  'next_step',
] as const

export const ACTIVITIES = ['call', 'visit', 'meeting', 'message', 'email'] as const

export type LeafCondition = Exclude<Condition, { kind: 'any_of' }>

/** A condition of this kind to begin with. */
export function newCondition(kind: Condition['kind']): Condition {
  switch (kind) {
    case 'field_present':
      return { kind, field: 'expected_amount' }
    case 'amount_at_least':
      return { kind, amount: '10000' }
    case 'document_attached':
      return { kind, document: 'requirement' }
    case 'activity_logged':
      return { kind, activity: 'call', times: 1, counted: 'ever' }
    case 'effective_visit':
      return { kind, times: 1, counted: 'ever' }
    case 'contact_known':
      return { kind, role: 'decider' }
    case 'review_approved':
      return { kind }
    case 'any_of':
      return {
        kind,
        conditions: [newLeaf('activity_logged'), { ...newLeaf('activity_logged'), activity: 'visit' } as LeafCondition],
      }
  }
}

export const newLeaf = (kind: LeafCondition['kind']): LeafCondition => newCondition(kind) as LeafCondition

/** "0.6500" as 65, without a float in between. */
export function percentOf(rate: string | null): number | null {
  if (rate === null) return null
  const [whole = '0', places = ''] = rate.split('.')
  return Number(`${whole}${places.padEnd(4, '0').slice(0, 4)}`) / 100
}

/** 65 as "0.6500". */
export function rateOf(percent: number | null): string | null {
  if (percent === null) return null
  const digits = String(Math.round(percent * 100)).padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`
}
