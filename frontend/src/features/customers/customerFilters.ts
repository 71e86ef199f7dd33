import { useQuery } from '@tanstack/react-query'
import { customerIndustriesQuery } from '@/api/customers'
import type { OwnedScope } from '@/api/types'
import { type Filter, useRegionOptions, useSourceOptions } from '@/components/list/filters'

function useIndustryOptions(scope: OwnedScope) {
  const industries = useQuery(customerIndustriesQuery(scope))
  const options = industries.data?.items.map((value) => ({ value, label: value })) ?? []
  return { options, isLoading: industries.isFetching }
}

/** One's own list has one region and one owner. */
const isNotOwn = (scope: OwnedScope): boolean => scope !== 'own'

export const CUSTOMER_FILTERS: readonly Filter<OwnedScope>[] = [
  {
    kind: 'days',
    name: 'quiet',
    label: (t) => t('customer.quiet'),
    choices: [30, 60, 90, 180],
    choice: (t, count) => t('list.days', { count }),
    chip: (t, count) => t('customer.quietDays', { count }),
  },
  {
    kind: 'days',
    name: 'active',
    label: (t) => t('customer.lastActivity'),
    choices: [7, 30, 90],
    choice: (t, count) => t('list.withinDays', { count }),
    chip: (t, count) => t('customer.activeDays', { count }),
  },
  {
    kind: 'days',
    name: 'days',
    label: (t) => t('customer.createdAt'),
    choices: [7, 30, 90, 365],
    choice: (t, count) => t('list.withinDays', { count }),
    chip: (t, count) => t('customer.createdDays', { count }),
  },
  {
    kind: 'several',
    name: 'region',
    label: (t) => t('customer.fields.region_id'),
    useOptions: useRegionOptions,
    isShown: isNotOwn,
  },
  { kind: 'person', name: 'owner', label: (t) => t('customer.fields.owner_id'), isShown: isNotOwn },
  {
    kind: 'several',
    name: 'industry',
    label: (t) => t('customer.fields.industry'),
    useOptions: useIndustryOptions,
  },
  { kind: 'several', name: 'source', label: (t) => t('customer.fields.source'), useOptions: useSourceOptions },
  { kind: 'typed', name: 'tag', label: (t) => t('customer.fields.tags') },
]
