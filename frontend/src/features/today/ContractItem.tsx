import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ContractCard } from '@/api/types'
import { ContractStateTag } from '@/components/contract/ContractStateTag'
import { FactLine } from '@/components/FactLine'
import { LinkButton } from '@/components/LinkButton'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whyWords } from './why'

/** A delivery of which a milestone is late or near. */
export function ContractItem({ item, contract, tone }: ItemProps & { contract: ContractCard }) {
  const { t } = useTranslation()
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/contracts/$contractId" params={{ contractId: contract.id }} className={styles.link}>
              {contract.title}
            </Link>
          </h3>
          <ContractStateTag contract={contract} />
        </div>
        <FactLine
          facts={[
            contract.customer?.name,
            t('contract.progress', { done: contract.milestones_done, all: contract.milestones }),
          ]}
          className={styles.facts}
        />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)}
        </p>
      </div>
      <div className={styles.actions}>
        <LinkButton to="/contracts/$contractId" params={{ contractId: contract.id }}>
          {t('contract.goDelivery')}
        </LinkButton>
      </div>
    </article>
  )
}
