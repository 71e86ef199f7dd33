import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { opportunityQuery, opportunityTimelineQuery } from '@/api/opportunities'
import type { Opportunity, TimelineEntry } from '@/api/types'
import styles from '@/components/Columns.module.css'
import { DocumentsCard } from '@/components/document/DocumentsCard'
import { EmailsCard } from '@/components/email/EmailsCard'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { Timeline } from '@/components/timeline/Timeline'
import { useIsPhone } from '@/lib/media'
import { OpportunityActionBar } from './OpportunityActionBar'
import { OpportunityContractCard } from './OpportunityContractCard'
import { OpportunityFacts } from './OpportunityFacts'
import { OpportunityHead } from './OpportunityHead'
import { StaysCard } from './StaysCard'
import { SupportCard } from './SupportCard'
import { WayCard } from './WayCard'

export function OpportunityPage() {
  const { t } = useTranslation()
  const { opportunityId } = useParams({ from: '/shell/opportunities/$opportunityId' })
  const deal = useQuery(opportunityQuery(opportunityId))
  return (
    <Page title={deal.data?.name ?? t('opportunity.detail')} subtitle={deal.data?.number} backTo="/board">
      {deal.isPending && <Loading />}
      {deal.isError && isGone(deal.error) && <Gone />}
      {deal.isError && !isGone(deal.error) && !deal.data && (
        <ErrorState error={deal.error} onRetry={() => void deal.refetch()} />
      )}
      {deal.data && !isGone(deal.error) && <Detail deal={deal.data} />}
    </Page>
  )
}

function Loading() {
  return (
    <div className={styles.columns}>
      <CardSkeletons count={3} />
      <CardSkeletons count={2} />
    </div>
  )
}

function Gone() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<FileSearchOutlined aria-hidden />}
      title={t('opportunity.gone')}
      text={t('opportunity.goneHelp')}
      action={<Link to="/board">{t('opportunity.goBoard')}</Link>}
    />
  )
}

function Detail({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const sheets = useOpportunitySheets()
  const correct = deal.actions.includes('log_follow_up')
    ? (corrects: TimelineEntry) => sheets.open({ kind: 'log_follow_up', deal, corrects })
    : undefined
  const timeline = <Timeline query={(kinds) => opportunityTimelineQuery(deal.id, kinds)} correct={correct} />
  const support = <SupportCard deal={deal} />
  const files = <DocumentsCard type="opportunity" id={deal.id} mayFile={deal.actions.includes('log_follow_up')} />
  const emails = <EmailsCard type="opportunity" id={deal.id} mayWrite={deal.actions.includes('log_follow_up')} />
  if (isPhone) {
    return (
      <div className={styles.stack}>
        <OpportunityHead deal={deal} />
        <OpportunityContractCard deal={deal} />
        <WayCard deal={deal} />
        {emails}
        {files}
        <OpportunityFacts deal={deal} />
        {support}
        <StaysCard deal={deal} />
        {timeline}
        <OpportunityActionBar deal={deal} />
      </div>
    )
  }
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <OpportunityHead deal={deal} />
        <OpportunityContractCard deal={deal} />
        <WayCard deal={deal} />
        {emails}
        {files}
        {timeline}
      </div>
      <aside className={styles.stack} aria-label={t('opportunity.detail')}>
        <OpportunityFacts deal={deal} />
        {support}
        <StaysCard deal={deal} />
      </aside>
    </div>
  )
}
