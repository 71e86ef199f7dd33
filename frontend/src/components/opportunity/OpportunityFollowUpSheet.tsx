import { useTranslation } from 'react-i18next'
import { logOpportunityFollowUp, opportunityChanged } from '@/api/opportunities'
import type { OpportunityCard } from '@/api/types'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import type { Opening } from '@/components/sheetHost'

export function OpportunityFollowUpSheet({
  deal,
  ...opening
}: { deal: Pick<OpportunityCard, 'id' | 'name'> } & Opening) {
  const { t } = useTranslation()
  return (
    <FollowUpSheet
      {...opening}
      name={deal.name}
      saved={t('followUp.savedAgain')}
      feature="opportunity.follow_up"
      log={(body, key) => logOpportunityFollowUp(deal.id, body, key)}
      changed={opportunityChanged}
    />
  )
}
