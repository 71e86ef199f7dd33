import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { leadQuery, leadTimelineQuery } from '@/api/leads'
import { readAbout, summaryQuery } from '@/api/notifications'
import type { Lead, TimelineEntry } from '@/api/types'
import styles from '@/components/Columns.module.css'
import { DocumentsCard } from '@/components/document/DocumentsCard'
import { EmailsCard } from '@/components/email/EmailsCard'
import { useLeadSheets } from '@/components/lead/LeadSheets'
import { leadName } from '@/components/lead/leadWords'
import { ScriptPanel } from '@/components/lead/ScriptPanel'
import { DuplicatesPanel } from '@/components/merge/DuplicatesPanel'
import { MergedNotice } from '@/components/merge/MergedNotice'
import { MergesPanel } from '@/components/merge/MergesPanel'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { Timeline } from '@/components/timeline/Timeline'
import { useIsPhone } from '@/lib/media'
import { AssignmentPanel } from './AssignmentPanel'
import { BelongsNotice } from './BelongsNotice'
import { LeadActionBar } from './LeadActionBar'
import { LeadFacts } from './LeadFacts'
import { LeadHead } from './LeadHead'
import { PoolPanel } from './PoolPanel'

export function LeadDetailPage() {
  const { t } = useTranslation()
  const { leadId } = useParams({ from: '/shell/leads/$leadId' })
  const lead = useQuery(leadQuery(leadId))
  const title = lead.data ? leadName(t, lead.data) : t('lead.detail')
  return (
    <Page title={title} subtitle={lead.data?.number} backTo="/today">
      {lead.isPending && <CardSkeletons count={3} />}
      {lead.isError &&
        (isGone(lead.error) ? <Gone /> : <ErrorState error={lead.error} onRetry={() => void lead.refetch()} />)}
      {lead.isSuccess && <Detail lead={lead.data} />}
    </Page>
  )
}

function Gone() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<FileSearchOutlined aria-hidden />}
      title={t('lead.gone')}
      text={t('lead.goneHelp')}
      action={<Link to="/today">{t('lead.goToday')}</Link>}
    />
  )
}

/** Whoever looks at a lead has read what the bell says about it, also what comes in while it is open. */
function useReadNotices(leadId: string): void {
  const client = useQueryClient()
  const unread = useQuery(summaryQuery).data?.unread ?? 0
  useEffect(() => {
    if (unread > 0) void readAbout(client, leadId).catch(() => undefined)
  }, [client, leadId, unread])
}

function Detail({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  useReadNotices(lead.id)
  const isPhone = useIsPhone()
  const sheets = useLeadSheets()
  const correct = lead.actions.includes('log_follow_up')
    ? (corrects: TimelineEntry) => sheets.open({ kind: 'log_follow_up', lead, corrects })
    : undefined
  const timeline = <Timeline query={(kinds) => leadTimelineQuery(lead.id, kinds)} correct={correct} />
  const script = lead.script && lead.state === 'assigned' ? <ScriptPanel script={lead.script} level={2} /> : null
  const notice = lead.merged_into_id ? (
    <MergedNotice subject="lead" into={lead.merged_into_id} />
  ) : lead.customer ? (
    <BelongsNotice customer={lead.customer} />
  ) : null
  const isIndependent = lead.merged_into_id === null && lead.state !== 'converted'
  const duplicates = isIndependent ? (
    <DuplicatesPanel subject="lead" id={lead.id} canMerge={lead.actions.includes('merge')} />
  ) : null
  const files = <DocumentsCard type="lead" id={lead.id} mayFile={lead.actions.includes('log_follow_up')} />
  const emails = <EmailsCard type="lead" id={lead.id} mayWrite={lead.actions.includes('log_follow_up')} />
  if (isPhone) {
    return (
      <div className={styles.stack}>
        {notice}
        <LeadHead lead={lead} />
        {script}
        {duplicates}
        <AssignmentPanel lead={lead} />
        <PoolPanel lead={lead} />
        {emails}
        <LeadFacts lead={lead} />
        {files}
        <MergesPanel subject="lead" id={lead.id} />
        {timeline}
        <LeadActionBar lead={lead} />
      </div>
    )
  }
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        {notice}
        <LeadHead lead={lead} />
        {script}
        {emails}
        {files}
        {timeline}
      </div>
      <aside className={styles.stack} aria-label={t('lead.detail')}>
        {duplicates}
        <AssignmentPanel lead={lead} />
        <PoolPanel lead={lead} />
        <LeadFacts lead={lead} />
        <MergesPanel subject="lead" id={lead.id} />
      </aside>
    </div>
  )
}
