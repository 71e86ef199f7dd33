import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ContractCard } from '@/api/types'
import { money } from '@/lib/money'
import styles from './ContractLine.module.css'
import { ContractStateTag } from './ContractStateTag'
import { progressWords } from './contractWords'

/** A contract within the page of its deal or customer: where it stands, how much, what comes next. */
export function ContractLine({ contract }: { contract: ContractCard }) {
  const { t } = useTranslation()
  return (
    <div className={styles.line}>
      <div className={styles.words}>
        <Link to="/contracts/$contractId" params={{ contractId: contract.id }}>
          {contract.title}
        </Link>
        <small className={styles.soft}>
          {[
            contract.reference ?? contract.number,
            contract.amount === null ? null : money(contract.amount, contract.currency),
            progressWords(t, contract),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </div>
      <ContractStateTag contract={contract} />
    </div>
  )
}
