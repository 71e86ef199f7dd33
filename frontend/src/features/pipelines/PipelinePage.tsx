import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { pipelineQuery } from '@/api/opportunities'
import { stageName } from '@/components/opportunity/opportunityWords'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { PipelineEditor } from './PipelineEditor'

export function PipelinePage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="pipelines.manage" title={t('pipeline.title')}>
      <One />
    </RequirePermission>
  )
}

function One() {
  const { t, i18n } = useTranslation()
  const { pipelineId } = useParams({ from: '/shell/admin/pipelines/$pipelineId' })
  const pipeline = useQuery({ ...pipelineQuery(pipelineId), staleTime: 0, refetchOnWindowFocus: false })
  const name = pipeline.data ? stageName(pipeline.data, asLanguage(i18n.language)) : t('pipeline.title')
  return (
    <Page title={name} width="reading" backTo="/admin/pipelines">
      {/* A draft over an old answer would be refused when it is saved. */}
      {!pipeline.isFetchedAfterMount && <CardSkeletons count={5} />}
      {pipeline.isError &&
        !pipeline.data &&
        (isGone(pipeline.error) ? (
          <EmptyState
            title={t('problem.http_404.title')}
            action={<Link to="/admin/pipelines">{t('pipeline.title')}</Link>}
          />
        ) : (
          <ErrorState error={pipeline.error} onRetry={() => void pipeline.refetch()} />
        ))}
      {pipeline.data && pipeline.isFetchedAfterMount && (
        <PipelineEditor key={pipeline.data.id} pipeline={pipeline.data} />
      )}
    </Page>
  )
}
