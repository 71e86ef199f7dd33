import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { pipelinesQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { type Filter, useRegionOptions, useSourceOptions } from '@/components/list/filters'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { DEAL_FLAGS, LOSSES } from '@/lib/opportunitySearch'
import { word } from '@/lib/words'

function useStageOptions() {
  const { t, i18n } = useTranslation()
  const pipelines = useQuery(pipelinesQuery)
  const language = asLanguage(i18n.language)
  const all = pipelines.data?.items ?? []
  const options = all.flatMap((pipeline) => {
    const name = language === 'en' ? pipeline.name_en : pipeline.name_zh
    const stages = pipeline.stages.filter(({ kind }) => kind === 'open' || kind === 'closed')
    return stages.map((stage) => {
      const own = stageName(stage, language)
      return { value: stage.id, label: all.length > 1 ? t('deals.stageOf', { stage: own, pipeline: name }) : own }
    })
  })
  return { options, isLoading: pipelines.isFetching }
}

function usePipelineOptions() {
  const { i18n } = useTranslation()
  const pipelines = useQuery(pipelinesQuery)
  const isEnglish = asLanguage(i18n.language) === 'en'
  const options = pipelines.data?.items.map(({ id, name_zh, name_en }) => ({
    value: id,
    label: isEnglish ? name_en : name_zh,
  }))
  return { options: options ?? [], isLoading: pipelines.isFetching }
}

function useLossOptions() {
  const { t } = useTranslation()
  return { options: LOSSES.map((value) => ({ value, label: t(`opportunity.losses.${value}`) })), isLoading: false }
}

/** One's own list has one region and one owner. */
const isNotOwn = (scope: OwnedScope): boolean => scope !== 'own'

/** What narrows the board too. */
export const BOARD_FILTERS: readonly Filter<OwnedScope>[] = [
  {
    kind: 'flags',
    name: 'only',
    label: (t) => t('deals.only'),
    names: DEAL_FLAGS,
    chip: (t, name) => word(t, `deals.flags.${name}`, name),
  },
  {
    kind: 'days',
    name: 'here',
    label: (t) => t('deals.here'),
    choices: [7, 15, 30, 60],
    choice: (t, count) => t('deals.atLeastDays', { count }),
    chip: (t, count) => t('deals.hereDays', { count }),
  },
  {
    kind: 'days',
    name: 'quiet',
    label: (t) => t('deals.quiet'),
    choices: [7, 15, 30, 60],
    choice: (t, count) => t('deals.atLeastDays', { count }),
    chip: (t, count) => t('deals.quietDays', { count }),
  },
  {
    kind: 'period',
    name: 'close',
    label: (t) => t('opportunity.fields.expected_close_on'),
    ends: [
      { name: 'close_from', label: (t) => t('deals.closeFrom'), chip: (t, day) => t('deals.closeFromDay', { day }) },
      { name: 'close_to', label: (t) => t('deals.closeTo'), chip: (t, day) => t('deals.closeToDay', { day }) },
    ],
  },
  {
    kind: 'period',
    input: 'number',
    name: 'amount',
    label: (t) => t('opportunity.fields.expected_amount'),
    ends: [
      { name: 'min', label: (t) => t('deals.min'), chip: (t, amount) => t('deals.minAmount', { amount }) },
      { name: 'max', label: (t) => t('deals.max'), chip: (t, amount) => t('deals.maxAmount', { amount }) },
    ],
  },
  {
    kind: 'several',
    name: 'region',
    label: (t) => t('opportunity.fields.region'),
    useOptions: useRegionOptions,
    isShown: isNotOwn,
  },
  { kind: 'person', name: 'owner', label: (t) => t('opportunity.fields.owner'), isShown: isNotOwn },
  { kind: 'several', name: 'source', label: (t) => t('opportunity.fields.source'), useOptions: useSourceOptions },
  { kind: 'typed', name: 'line', label: (t) => t('opportunity.fields.product_line') },
  {
    kind: 'days',
    name: 'days',
    label: (t) => t('opportunity.fields.created_at'),
    choices: [7, 30, 90, 365],
    choice: (t, count) => t('list.withinDays', { count }),
    chip: (t, count) => t('deals.createdDays', { count }),
  },
]

export const OPPORTUNITY_FILTERS: readonly Filter<OwnedScope>[] = [
  { kind: 'several', name: 'stage', label: (t) => t('board.stage'), useOptions: useStageOptions },
  {
    kind: 'several',
    name: 'pipeline',
    label: (t) => t('opportunity.fields.pipeline_id'),
    useOptions: usePipelineOptions,
  },
  ...BOARD_FILTERS,
  {
    kind: 'period',
    name: 'closed',
    label: (t) => t('deals.closed'),
    ends: [
      { name: 'from', label: (t) => t('deals.closedFrom'), chip: (t, day) => t('deals.closedFromDay', { day }) },
      { name: 'to', label: (t) => t('deals.closedTo'), chip: (t, day) => t('deals.closedToDay', { day }) },
    ],
  },
  {
    kind: 'several',
    name: 'loss',
    label: (t) => t('opportunity.fields.loss_reason'),
    useOptions: useLossOptions,
  },
  {
    kind: 'period',
    name: 'lead',
    label: (t) => t('deals.lead'),
    ends: [
      { name: 'lead_from', label: (t) => t('deals.leadFrom'), chip: (t, day) => t('deals.leadFromDay', { day }) },
      { name: 'lead_to', label: (t) => t('deals.leadTo'), chip: (t, day) => t('deals.leadToDay', { day }) },
    ],
  },
]

/** What narrows the list of stays; it comes with the figure that opened it. */
export const STAY_FILTERS: readonly Filter<OwnedScope>[] = [
  { kind: 'several', name: 'stage', label: (t) => t('board.stage'), useOptions: useStageOptions },
  { kind: 'several', name: 'region', label: (t) => t('opportunity.fields.region'), useOptions: useRegionOptions },
  { kind: 'person', name: 'owner', label: (t) => t('opportunity.fields.owner') },
  { kind: 'several', name: 'source', label: (t) => t('opportunity.fields.source'), useOptions: useSourceOptions },
  {
    kind: 'period',
    name: 'began',
    label: (t) => t('stays.began'),
    ends: [
      { name: 'from', label: (t) => t('stays.began'), chip: (t, day) => t('stays.beganFrom', { day }) },
      { name: 'to', label: (t) => t('stays.began'), chip: (t, day) => t('stays.beganTo', { day }) },
    ],
  },
  {
    kind: 'period',
    name: 'ended',
    label: (t) => t('stays.ended'),
    ends: [
      { name: 'end_from', label: (t) => t('stays.ended'), chip: (t, day) => t('stays.endedFrom', { day }) },
      { name: 'end_to', label: (t) => t('stays.ended'), chip: (t, day) => t('stays.endedTo', { day }) },
    ],
  },
]
