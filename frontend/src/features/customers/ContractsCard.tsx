import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { customerContractsQuery } from '@/api/contracts'
import type { Customer } from '@/api/types'
import { Card } from '@/components/Card'
import { ContractLine } from '@/components/contract/ContractLine'
import { may, useMe } from '@/lib/session'
import styles from './LeadsCard.module.css'

/** The contracts with this customer, the newest first. */
export function ContractsCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const reads = may(useMe(), 'opportunity.read')
  const contracts = useQuery({ ...customerContractsQuery(customer.id), enabled: reads })
  const items = contracts.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card title={t('contract.title')}>
      <ul className={styles.list}>
        {items.map((contract) => (
          <li key={contract.id} className={styles.block}>
            <ContractLine contract={contract} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
