import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { opportunityContractQuery } from '@/api/contracts'
import type { Opportunity } from '@/api/types'
import { Card } from '@/components/Card'
import { ContractLine } from '@/components/contract/ContractLine'
import { CardSkeletons } from '@/components/states'

/** The contract that the win has opened. */
export function OpportunityContractCard({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation()
  const isWon = deal.state === 'won'
  const found = useQuery({ ...opportunityContractQuery(deal.id), enabled: isWon })
  if (!isWon) return null
  const contract = found.data?.contract
  return (
    <Card title={t('contract.detail')}>
      {found.isPending && <CardSkeletons count={1} />}
      {contract && <ContractLine contract={contract} />}
      {found.data && !contract && <p>{t('contract.opening')}</p>}
    </Card>
  )
}
