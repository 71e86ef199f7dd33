import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { customerQuery, customerTimelineQuery } from '@/api/customers'
import type { Customer, TimelineEntry } from '@/api/types'
import styles from '@/components/Columns.module.css'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { DocumentsCard } from '@/components/document/DocumentsCard'
import { EmailsCard } from '@/components/email/EmailsCard'
import { DuplicatesPanel } from '@/components/merge/DuplicatesPanel'
import { MergedNotice } from '@/components/merge/MergedNotice'
import { MergesPanel } from '@/components/merge/MergesPanel'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { Timeline } from '@/components/timeline/Timeline'
import { useIsPhone } from '@/lib/media'
import { ContactsCard } from './ContactsCard'
import { ContractsCard } from './ContractsCard'
import { CustomerActionBar } from './CustomerActionBar'
import { CustomerFacts } from './CustomerFacts'
import { CustomerHead } from './CustomerHead'
import { CustomerSupportCard } from './CustomerSupportCard'
import { GroupCard } from './GroupCard'
import { LeadsCard } from './LeadsCard'
import { OpportunitiesCard } from './OpportunitiesCard'
import { PendingBanner } from './PendingBanner'

export function CustomerPage() {
  const { t } = useTranslation()
  const { customerId } = useParams({ from: '/shell/customers/$customerId' })
  const customer = useQuery(customerQuery(customerId))
  return (
    <Page title={customer.data?.name ?? t('customer.detail')} subtitle={customer.data?.number} backTo="/customers">
      {customer.isPending && <CardSkeletons count={3} />}
      {customer.isError &&
        (isGone(customer.error) ? (
          <Gone />
        ) : (
          <ErrorState error={customer.error} onRetry={() => void customer.refetch()} />
        ))}
      {customer.isSuccess && <Detail customer={customer.data} />}
    </Page>
  )
}

function Gone() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<FileSearchOutlined aria-hidden />}
      title={t('customer.gone')}
      text={t('customer.goneHelp')}
      action={<Link to="/customers">{t('customer.goList')}</Link>}
    />
  )
}

function Detail({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const sheets = useCustomerSheets()
  const correct = customer.actions.includes('log_follow_up')
    ? (corrects: TimelineEntry) => sheets.open({ kind: 'log_follow_up', customer, corrects })
    : undefined
  const timeline = <Timeline query={(kinds) => customerTimelineQuery(customer.id, kinds)} correct={correct} />
  const into = customer.merged_into_id
  const notice = into ? <MergedNotice subject="customer" into={into} /> : null
  const duplicates = into ? null : (
    <DuplicatesPanel subject="customer" id={customer.id} canMerge={customer.actions.includes('merge')} />
  )
  const files = <DocumentsCard type="customer" id={customer.id} mayFile={customer.actions.includes('log_follow_up')} />
  const emails = <EmailsCard type="customer" id={customer.id} mayWrite={customer.actions.includes('log_follow_up')} />
  const merges = <MergesPanel subject="customer" id={customer.id} />
  if (isPhone) {
    return (
      <div className={styles.stack}>
        {notice}
        <PendingBanner customer={customer} />
        <CustomerHead customer={customer} />
        {duplicates}
        <OpportunitiesCard customer={customer} />
        <ContractsCard customer={customer} />
        <ContactsCard customer={customer} />
        {emails}
        {files}
        <LeadsCard customerId={customer.id} />
        <GroupCard customer={customer} />
        <CustomerFacts customer={customer} />
        <CustomerSupportCard customer={customer} />
        {merges}
        {timeline}
        <CustomerActionBar customer={customer} />
      </div>
    )
  }
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        {notice}
        <PendingBanner customer={customer} />
        <CustomerHead customer={customer} />
        <OpportunitiesCard customer={customer} />
        <ContractsCard customer={customer} />
        <ContactsCard customer={customer} />
        {emails}
        {files}
        {timeline}
      </div>
      <aside className={styles.stack} aria-label={t('customer.detail')}>
        {duplicates}
        <CustomerFacts customer={customer} />
        <CustomerSupportCard customer={customer} />
        <LeadsCard customerId={customer.id} />
        <GroupCard customer={customer} />
        {merges}
      </aside>
    </div>
  )
}
