import { AuditOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestsQuery } from '@/api/customers'
import type { ChangeRequest, RequestView } from '@/api/types'
import { fieldLabel, standsWith } from '@/components/customer/changeWords'
import { RequestStateTag } from '@/components/customer/RequestStateTag'
import { LoadMore } from '@/components/LoadMore'
import styles from '@/components/list/ListCards.module.css'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'

const VIEWS: RequestView[] = ['to_decide', 'mine']

export function RequestsPage() {
  const { t } = useTranslation()
  const [view, setView] = useState<RequestView>('to_decide')
  const requests = useInfiniteQuery(requestsQuery(view))
  const items = requests.data?.pages.flatMap((page) => page.items) ?? []
  const decides = view === 'to_decide'
  return (
    <Page title={t('change.list')} width="reading" backTo="/customers">
      <div style={{ marginBottom: 16 }}>
        <Segmented<RequestView>
          aria-label={t('change.list')}
          value={view}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t(`change.views.${value}`) }))}
        />
      </div>
      {requests.isPending && <CardSkeletons count={4} />}
      {requests.isError && items.length === 0 && (
        <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
      )}
      {requests.data && items.length === 0 && (
        <EmptyState
          icon={<AuditOutlined aria-hidden />}
          title={decides ? t('change.emptyToDecide') : t('change.emptyMine')}
          text={decides ? t('change.emptyToDecideText') : t('change.emptyMineText')}
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
    </Page>
  )
}

function RequestCard({ request }: { request: ChangeRequest }) {
  const { t } = useTranslation()
  const fields = request.changes.map(({ field }) => fieldLabel(t, request.subject_type, field))
  return (
    <li className={styles.card}>
      <div className={styles.top}>
        <Link to="/change-requests/$requestId" params={{ requestId: request.id }} className={styles.name}>
          {request.customer?.name ?? t('change.customerHidden')}
        </Link>
        <RequestStateTag state={request.state} />
      </div>
      <p>{fields.join(t('common.listSeparator'))}</p>
      <p className={styles.small}>
        {t('change.requestedBy', { name: request.requested_by.name })} · <Moment at={request.requested_at} />
        {standsWith(t, request) && ` · ${standsWith(t, request)}`}
      </p>
    </li>
  )
}
