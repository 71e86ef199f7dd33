import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { contractQuery } from '@/api/contracts'
import type { Contract } from '@/api/types'
import styles from '@/components/Columns.module.css'
import { DocumentsCard } from '@/components/document/DocumentsCard'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { ContractHead } from './ContractHead'
import { ContractSheetsHost } from './ContractSheets'
import { LacksCard } from './LacksCard'
import { MilestonesCard } from './MilestonesCard'

export function ContractPage() {
  const { t } = useTranslation()
  const { contractId } = useParams({ from: '/shell/contracts/$contractId' })
  const contract = useQuery(contractQuery(contractId))
  return (
    <Page
      title={contract.data?.title ?? t('contract.detail')}
      subtitle={contract.data?.number}
      width="reading"
      backTo="/contracts"
    >
      {contract.isPending && <CardSkeletons count={3} />}
      {contract.isError &&
        (isGone(contract.error) ? (
          <EmptyState
            icon={<FileSearchOutlined aria-hidden />}
            title={t('contract.gone')}
            text={t('opportunity.goneHelp')}
            action={<Link to="/contracts">{t('contract.title')}</Link>}
          />
        ) : (
          <ErrorState error={contract.error} onRetry={() => void contract.refetch()} />
        ))}
      {contract.isSuccess && <Detail contract={contract.data} />}
    </Page>
  )
}

function Detail({ contract }: { contract: Contract }) {
  return (
    <ContractSheetsHost>
      <div className={styles.stack}>
        <ContractHead contract={contract} />
        <LacksCard contract={contract} />
        <MilestonesCard contract={contract} />
        <DocumentsCard type="opportunity" id={contract.opportunity.id} mayFile={contract.actions.length > 0} />
      </div>
    </ContractSheetsHost>
  )
}
