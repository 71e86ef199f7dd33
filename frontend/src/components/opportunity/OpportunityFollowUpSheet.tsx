import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { customerQuery } from '@/api/customers'
import { opportunityChanged } from '@/api/opportunities'
import type { OpportunityCard, TimelineEntry } from '@/api/types'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import { placesOf } from '@/components/followUp/places'
import { useMetLast } from '@/components/followUp/useMetLast'
import type { Opening } from '@/components/sheetHost'

export type FollowedDeal = Pick<OpportunityCard, 'id' | 'name' | 'customer'>

interface Props extends Opening {
  deal: FollowedDeal
  corrects?: TimelineEntry | undefined
}

export function OpportunityFollowUpSheet({ deal, corrects, ...opening }: Props) {
  const { t } = useTranslation()
  const customer = useQuery({ ...customerQuery(deal.customer?.id ?? ''), enabled: deal.customer !== null })
  const metLast = useMetLast(deal.customer?.id)
  return (
    <FollowUpSheet
      {...opening}
      subject={{ type: 'opportunity', id: deal.id }}
      name={deal.name}
      contacts={customer.data?.contacts.filter(({ is_active }) => is_active) ?? []}
      metLast={metLast}
      places={placesOf(t, customer.data?.address)}
      saved={t('followUp.savedAgain')}
      feature="opportunity.follow_up"
      corrects={corrects}
      changed={opportunityChanged}
    />
  )
}
