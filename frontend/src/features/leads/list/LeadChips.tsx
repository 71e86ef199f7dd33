import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { personNameQuery, regionsQuery } from '@/api/people'
import { sourceWords } from '@/components/lead/leadWords'
import { FilterChips } from '@/components/list/FilterChips'
import { split } from '@/lib/address'
import { FILTERS, type LeadsSearch } from '@/lib/leadSearch'

interface Props {
  search: LeadsSearch
  onChange: (more: LeadsSearch) => void
}

type Names = { regions: Map<string, string>; owners: string[] }

function words(t: TFunction, name: (typeof FILTERS)[number], search: LeadsSearch, names: Names): string {
  const say = (values: (string | undefined)[]): string => values.join(t('common.listSeparator'))
  switch (name) {
    case 'source':
      return `${t('lead.source')}: ${say(split(search.source).map((source) => sourceWords(t, source)))}`
    case 'region':
      return `${t('lead.region')}: ${say(split(search.region).map((id) => names.regions.get(id) ?? '…'))}`
    case 'owner':
      return `${t('lead.owner')}: ${say(names.owners)}`
    case 'line':
      return `${t('lead.productLine')}: ${say(split(search.line))}`
    case 'days':
      return t('leads.receivedDays', { count: search.days ?? 0 })
    case 'from':
      return t('leads.receivedFrom', { day: search.from ?? '' })
    case 'to':
      return t('leads.receivedTo', { day: search.to ?? '' })
    case 'quiet':
      return t('leads.quietDays', { count: search.quiet ?? 0 })
    case 'state':
      return say(split(search.state).map((state) => t(`lead.states.${state as 'new'}`)))
    default:
      return t(`leads.flags.${name}`)
  }
}

/** What narrows the list of leads. */
export function LeadChips({ search, onChange }: Props) {
  const { t } = useTranslation()
  const regions = useQuery({ ...regionsQuery, enabled: search.region !== undefined })
  const owner = useQuery({ ...personNameQuery(search.owner ?? ''), enabled: search.owner !== undefined })
  const names: Names = {
    regions: new Map(regions.data?.items.map((region) => [region.id, region.name])),
    owners: [owner.data ?? '…'],
  }
  const active = FILTERS.filter(
    (name) =>
      search[name] !== undefined && (name !== 'state' || (search.scope !== 'pool' && search.state?.includes(','))),
  )
  const chips = active.map((name) => ({ name, words: words(t, name, search, names) }))
  return <FilterChips chips={chips} onRemove={(name) => onChange({ [name]: undefined })} />
}
