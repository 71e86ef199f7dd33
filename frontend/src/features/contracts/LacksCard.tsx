import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { opportunityQuery } from '@/api/opportunities'
import type { Contract } from '@/api/types'
import { Card } from '@/components/Card'
import { MissingList } from '@/components/opportunity/MissingList'

/** What the pipeline asks for before the contract can be signed or completed, each with the way to meet it. */
export function LacksCard({ contract }: { contract: Contract }) {
  const { t } = useTranslation()
  const deal = useQuery({ ...opportunityQuery(contract.opportunity.id), enabled: contract.missing.length > 0 })
  if (contract.missing.length === 0 || !deal.data) return null
  return (
    <Card title={contract.state === 'signing' ? t('contract.beforeSigning') : t('contract.beforeCompleting')}>
      <MissingList deal={deal.data} missing={contract.missing} />
    </Card>
  )
}
