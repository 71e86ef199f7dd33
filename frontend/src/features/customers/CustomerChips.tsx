import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { personNameQuery, regionsQuery } from '@/api/people'
import { sourceWords } from '@/components/lead/leadWords'
import { FilterChips } from '@/components/list/FilterChips'
import { split } from '@/lib/address'
import { CUSTOMER_FILTERS, type CustomersSearch } from '@/lib/customerSearch'

type Filter = (typeof CUSTOMER_FILTERS)[number]

interface Names {
  regions: Map<string, string>
  owner: string
}

function words(t: TFunction, name: Filter, search: CustomersSearch, names: Names): string {
  const say = (label: string, values: string[]): string => `${label}: ${values.join(t('common.listSeparator'))}`
  switch (name) {
    case 'region':
      return say(
        t('customer.fields.region_id'),
        split(search.region).map((id) => names.regions.get(id) ?? '…'),
      )
    case 'owner':
      return say(t('customer.fields.owner_id'), [names.owner])
    case 'industry':
      return say(t('customer.fields.industry'), split(search.industry))
    case 'source':
      return say(
        t('customer.fields.source'),
        split(search.source).map((source) => sourceWords(t, source)),
      )
    case 'tag':
      return say(t('customer.fields.tags'), split(search.tag))
    case 'quiet':
      return t('customer.quietDays', { count: search.quiet ?? 0 })
    case 'active':
      return t('customer.activeDays', { count: search.active ?? 0 })
    case 'days':
      return t('customer.createdDays', { count: search.days ?? 0 })
  }
}

interface Props {
  search: CustomersSearch
  onChange: (more: CustomersSearch) => void
}

/** What narrows the list of customers. */
export function CustomerChips({ search, onChange }: Props) {
  const { t } = useTranslation()
  const regions = useQuery({ ...regionsQuery, enabled: search.region !== undefined })
  const owner = useQuery({ ...personNameQuery(search.owner ?? ''), enabled: search.owner !== undefined })
  const names: Names = {
    regions: new Map(regions.data?.items.map((region) => [region.id, region.name])),
    owner: owner.data ?? '…',
  }
  const active = CUSTOMER_FILTERS.filter((name) => search[name] !== undefined)
  const chips = active.map((name) => ({ name, words: words(t, name, search, names) }))
  return <FilterChips chips={chips} onRemove={(name) => onChange({ [name]: undefined })} />
}
