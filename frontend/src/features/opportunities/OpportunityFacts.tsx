import { useTranslation } from 'react-i18next'
import type { Opportunity } from '@/api/types'
import { Facts } from '@/components/Facts'
import { sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'

export function OpportunityFacts({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation()
  return (
    <Facts
      title={t('opportunity.detail')}
      facts={[
        [t('opportunity.fields.need'), deal.need],
        [t('opportunity.fields.product_line'), deal.product_line],
        [t('opportunity.fields.contact_id'), deal.contact?.name],
        [t('opportunity.fields.source'), sourceWords(t, deal.source)],
        [t('opportunity.fields.region'), deal.region?.name],
        [t('opportunity.fields.created_by'), deal.created_by?.name],
        [t('opportunity.fields.created_at'), <Moment key="created" at={deal.created_at} />],
      ]}
    />
  )
}
