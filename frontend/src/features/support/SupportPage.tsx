import { ToolOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { supportRequestsQuery } from '@/api/support'
import type { SupportCard, SupportView } from '@/api/types'
import { Countdown } from '@/components/Countdown'
import { LoadMore } from '@/components/LoadMore'
import styles from '@/components/list/ListCards.module.css'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { SupportStateTag } from '@/components/support/SupportStateTag'
import { recordName } from '@/components/support/supportWords'
import { may, useMe } from '@/lib/session'
import { PerformanceList } from './PerformanceList'

type View = SupportView | 'performance'

/** What engineers are asked, what one has asked, and how the promises were kept. */
export function SupportPage() {
  const { t } = useTranslation()
  const me = useMe()
  const answers = may(me, 'support.answer')
  const [view, setView] = useState<View>(answers ? 'to_answer' : may(me, 'support.ask') ? 'asked' : 'team')
  const views: View[] = [
    ...(answers ? (['to_answer'] as const) : []),
    ...(may(me, 'support.ask') ? (['asked'] as const) : []),
    'team',
    'performance',
  ]
  return (
    <Page title={t('support.title')} width="reading">
      <div style={{ marginBottom: 16 }}>
        <Segmented<View>
          aria-label={t('support.title')}
          value={view}
          onChange={setView}
          options={views.map((value) => ({ value, label: t(`support.views.${value}`) }))}
        />
      </div>
      {view === 'performance' ? <PerformanceList /> : <Requests view={view} />}
    </Page>
  )
}

function Requests({ view }: { view: SupportView }) {
  const { t } = useTranslation()
  const requests = useInfiniteQuery(supportRequestsQuery(view))
  const items = requests.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      {requests.isPending && <CardSkeletons count={4} />}
      {requests.isError && items.length === 0 && (
        <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
      )}
      {requests.data && items.length === 0 && (
        <EmptyState
          icon={<ToolOutlined aria-hidden />}
          title={t(`support.empty.${view}`)}
          text={t(`support.emptyText.${view}`)}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((request) => (
              <RequestCard key={request.id} request={request} />
            ))}
          </ul>
          <LoadMore {...requests} />
        </>
      )}
    </>
  )
}

function RequestCard({ request }: { request: SupportCard }) {
  const { t } = useTranslation()
  return (
    <li className={styles.card}>
      <div className={styles.top}>
        <Link to="/support/$requestId" params={{ requestId: request.id }} className={styles.name}>
          {recordName(request)}
        </Link>
        <SupportStateTag request={request} />
      </div>
      <p>{request.need}</p>
      {request.state === 'asked' && <Countdown dueAt={request.due_at} />}
      <p className={styles.small}>
        {t('support.fromTo', { by: request.asked_by.name, engineer: request.engineer.name })} ·{' '}
        <Moment at={request.asked_at} /> · {request.number}
      </p>
    </li>
  )
}
