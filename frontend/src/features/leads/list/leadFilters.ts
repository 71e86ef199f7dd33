import type { Scope } from '@/api/types'
import { type Filter, useRegionOptions, useSourceOptions } from '@/components/list/filters'
import { FLAGS } from '@/lib/leadSearch'
import { word } from '@/lib/words'

export const LEAD_FILTERS: readonly Filter<Scope>[] = [
  {
    kind: 'flags',
    name: 'flags',
    names: FLAGS,
    label: (t) => t('leads.only'),
    chip: (t, flag) => word(t, `leads.flags.${flag}`, flag),
  },
  {
    kind: 'days',
    name: 'quiet',
    label: (t) => t('leads.quiet'),
    choices: [3, 7, 14, 30],
    choice: (t, count) => t('list.days', { count }),
    chip: (t, count) => t('leads.quietDays', { count }),
  },
  {
    kind: 'days',
    name: 'days',
    label: (t) => t('lead.received'),
    choices: [1, 7, 30, 90],
    choice: (t, count) => t('list.withinDays', { count }),
    chip: (t, count) => t('leads.receivedDays', { count }),
  },
  {
    kind: 'period',
    name: 'received',
    label: (t) => t('lead.received'),
    ends: [
      { name: 'from', label: (t) => t('leads.from'), chip: (t, day) => t('leads.receivedFrom', { day }) },
      { name: 'to', label: (t) => t('leads.to'), chip: (t, day) => t('leads.receivedTo', { day }) },
    ],
  },
  { kind: 'several', name: 'source', label: (t) => t('lead.source'), useOptions: useSourceOptions },
  { kind: 'several', name: 'region', label: (t) => t('lead.region'), useOptions: useRegionOptions },
  { kind: 'person', name: 'owner', label: (t) => t('lead.owner'), isShown: (scope) => scope !== 'pool' },
  { kind: 'typed', name: 'line', label: (t) => t('lead.productLine') },
]
