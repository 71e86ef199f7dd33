import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { personNameQuery, regionsQuery } from '@/api/people'
import { sourceWords } from '@/components/lead/leadWords'
import { FILTERS, type LeadsSearch, split } from '@/lib/leadSearch'
import styles from './LeadTools.module.css'

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

/** What narrows the list, each with its way out. */
export function FilterChips({ search, onChange }: Props) {
  const { t } = useTranslation()
  const regions = useQuery({ ...regionsQuery, enabled: search.region !== undefined })
  const owner = useQuery({ ...personNameQuery(search.owner ?? ''), enabled: search.owner !== undefined })
  const names: Names = {
    regions: new Map(regions.data?.items.map((region) => [region.id, region.name])),
    owners: [owner.data ?? '…'],
  }
  const active = FILTERS.filter(
    (name) => search[name] !== undefined && (name !== 'state' || search.state?.includes(',')),
  )
  if (active.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={t('leads.filter')}>
      {active.map((name) => {
        const said = words(t, name, search, names)
        return (
          <li key={name}>
            <Tag
              closable={{ 'aria-label': t('leads.removeFilter', { filter: said }) }}
              onClose={(event) => {
                event.preventDefault()
                onChange({ [name]: undefined })
              }}
            >
              {said}
            </Tag>
          </li>
        )
      })}
    </ul>
  )
}
