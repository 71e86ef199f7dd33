import type { TFunction } from 'i18next'
import type { Condition, PlannedMilestone, StageContent } from '@/api/types'
import { conditionWords } from '@/components/opportunity/conditionWords'
import { stageName } from '@/components/opportunity/opportunityWords'
import type { Language } from '@/lib/time'
import { type PipelineDocument, percentOf } from './document'

/** What sentences are made with. */
export interface Words {
  t: TFunction
  language: Language
  documentName: (key: string) => string
}

/** What changed in one stage, or in the whole, each as a sentence. */
export interface Difference {
  key: string
  title: string
  lines: string[]
}

const FIELDS = [
  'name_zh',
  'name_en',
  'phase',
  'baseline_rate',
  'dwell',
  'may_be_skipped',
  'may_be_returned_to',
  'next_step',
] as const
type Field = (typeof FIELDS)[number]
const SIDES = ['entry', 'exit'] as const

/** From one pipeline to another, stage by stage; empty where they are the same. */
export function differences(words: Words, before: PipelineDocument, after: PipelineDocument): Difference[] {
  const { t, language } = words
  const known = new Map(before.stages.map((stage) => [stage.key, stage]))
  const kept = new Set(after.stages.map(({ key }) => key))
  return [
    { key: '', title: t('pipeline.difference.whole'), lines: wholeLines(words, before, after) },
    ...after.stages.map((stage) => {
      const was = known.get(stage.key)
      const name = stageName(stage, language)
      return was
        ? { key: stage.key, title: name, lines: stageLines(words, was, stage) }
        : { key: stage.key, title: t('pipeline.difference.added', { name }), lines: newLines(words, stage) }
    }),
    ...before.stages
      .filter(({ key }) => !kept.has(key))
      .map((stage) => ({
        key: stage.key,
        title: t('pipeline.difference.removed', { name: stageName(stage, language) }),
        lines: [],
      })),
  ].filter(({ key, lines }) => lines.length > 0 || known.has(key) !== kept.has(key))
}

/** How many places of a pipeline differ. */
export const countOf = (found: readonly Difference[]): number =>
  found.reduce((sum, { lines }) => sum + Math.max(1, lines.length), 0)

function wholeLines({ t, language }: Words, before: PipelineDocument, after: PipelineDocument): string[] {
  const names = (['name_zh', 'name_en'] as const).flatMap((field) =>
    before[field] === after[field] ? [] : [fromTo(t, field, before[field], after[field])],
  )
  const common = (one: PipelineDocument, other: PipelineDocument): StageContent[] =>
    one.stages.filter(({ key }) => other.stages.some((stage) => stage.key === key))
  const keys = (stages: StageContent[]): string => stages.map(({ key }) => key).join()
  const isOrdered = keys(common(before, after)) === keys(common(after, before))
  const order = after.stages.filter(({ kind }) => kind === 'open').map((stage) => stageName(stage, language))
  return isOrdered ? names : [...names, t('pipeline.difference.order', { order: order.join(' → ') })]
}

function stageLines(words: Words, was: StageContent, is: StageContent): string[] {
  const { t } = words
  const use = was.is_active === is.is_active ? [] : [t(`pipeline.difference.${is.is_active ? 'inUse' : 'outOfUse'}`)]
  const fields = FIELDS.flatMap((field) => {
    const [before, after] = [fieldWords(t, was, field), fieldWords(t, is, field)]
    return before === after ? [] : [fromTo(t, field, before, after)]
  })
  return [...use, ...fields, ...conditionLines(words, was, is), ...milestoneLines(t, was.milestones, is.milestones)]
}

function conditionLines({ t, documentName }: Words, was: StageContent | null, is: StageContent): string[] {
  const worded = (conditions: readonly Condition[]): string[] =>
    conditions.map((condition) => conditionWords(t, condition, 'CNY', documentName))
  return SIDES.flatMap((side) => {
    const [before, after] = [worded(was?.[side] ?? []), worded(is[side])]
    return [
      ...after
        .filter((condition) => !before.includes(condition))
        .map((condition) => t(`pipeline.difference.conditionAdded.${side}`, { condition })),
      ...before
        .filter((condition) => !after.includes(condition))
        .map((condition) => t(`pipeline.difference.conditionRemoved.${side}`, { condition })),
    ]
  })
}

/** A milestone is known by its title: what came, what went, what is due at another time, and in which order the rest stands. */
function milestoneLines(
  t: TFunction,
  before: readonly PlannedMilestone[],
  after: readonly PlannedMilestone[],
): string[] {
  const stays = (one: PlannedMilestone, others: readonly PlannedMilestone[]): boolean =>
    others.some(({ title }) => title === one.title)
  const titles = (some: readonly PlannedMilestone[], others: readonly PlannedMilestone[]): string[] =>
    some.filter((one) => stays(one, others)).map(({ title }) => title)
  const [old, kept] = [titles(before, after), titles(after, before)]
  return [
    ...after
      .filter((one) => !stays(one, before))
      .map((one) => t('pipeline.difference.milestoneAdded', { milestone: milestoneWords(t, one) })),
    ...before
      .filter((one) => !stays(one, after))
      .map((one) => t('pipeline.difference.milestoneRemoved', { milestone: milestoneWords(t, one) })),
    ...after.flatMap(({ title, within_working_days: count }) => {
      const was = before.find((one) => one.title === title)?.within_working_days
      return was === undefined || was === count
        ? []
        : [t('pipeline.difference.milestoneDays', { title, before: was, count })]
    }),
    ...(old.join('\n') === kept.join('\n')
      ? []
      : [t('pipeline.difference.milestoneOrder', { order: kept.join(' → ') })]),
  ]
}

const milestoneWords = (t: TFunction, { title, within_working_days: count }: PlannedMilestone): string =>
  t('pipeline.difference.nextStep', { title, count })

/** Of a stage that was not there: all that it says. */
function newLines(words: Words, stage: StageContent): string[] {
  const { t } = words
  const none = t('pipeline.difference.none')
  const fields = FIELDS.filter((field) => !field.startsWith('name') && !field.startsWith('may')).flatMap((field) => {
    const value = fieldWords(t, stage, field)
    return value === none
      ? []
      : [t('pipeline.difference.set', { field: t(`pipeline.difference.fields.${field}`), value })]
  })
  const use = stage.is_active ? [] : [t('pipeline.difference.outOfUse')]
  return [...use, ...fields, ...conditionLines(words, null, stage), ...milestoneLines(t, [], stage.milestones)]
}

const fromTo = (t: TFunction, field: Field, before: string, after: string): string =>
  t('pipeline.difference.fromTo', { field: t(`pipeline.difference.fields.${field}`), before, after })

function fieldWords(t: TFunction, stage: StageContent, field: Field): string {
  const none = t('pipeline.difference.none')
  switch (field) {
    case 'phase':
      return t(`pipeline.phases.${stage.phase}`)
    case 'baseline_rate':
      return stage.baseline_rate === null ? none : `${percentOf(stage.baseline_rate)}%`
    case 'dwell':
      return dwellWords(t, stage) ?? none
    case 'may_be_skipped':
    case 'may_be_returned_to':
      return t(`pipeline.difference.${stage[field] ? 'yes' : 'no'}`)
    case 'next_step':
      return stage.next_step
        ? t('pipeline.difference.nextStep', {
            title: stage.next_step.title,
            count: stage.next_step.within_working_days,
          })
        : none
    default:
      return stage[field]
  }
}

/** The standard time in a stage, as short as it can be said; null where there is none. */
export function dwellWords(
  t: TFunction,
  { dwell_min_days: min, dwell_max_days: max }: Pick<StageContent, 'dwell_min_days' | 'dwell_max_days'>,
): string | null {
  if (min !== null && max !== null) return t('pipeline.summaryDwell', { min, max })
  if (max !== null) return t('pipeline.summaryDwellMax', { max })
  return min === null ? null : t('pipeline.summaryDwellMin', { min })
}
