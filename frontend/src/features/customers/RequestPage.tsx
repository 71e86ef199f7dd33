import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { requestQuery } from '@/api/customers'
import type { ChangeRequest } from '@/api/types'
import { Card } from '@/components/Card'
import columns from '@/components/Columns.module.css'
import { ChangeTable } from '@/components/customer/ChangeTable'
import { contactName, fieldLabel, standsWith } from '@/components/customer/changeWords'
import { RequestStateTag } from '@/components/customer/RequestStateTag'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { DecisionForm } from './DecisionForm'
import styles from './RequestPage.module.css'
import { WithdrawButton } from './WithdrawButton'

export function RequestPage() {
  const { t } = useTranslation()
  const { requestId } = useParams({ from: '/shell/change-requests/$requestId' })
  const request = useQuery(requestQuery(requestId))
  return (
    <Page title={t('change.title')} width="reading" backTo="/change-requests">
      {request.isPending && <CardSkeletons count={2} />}
      {request.isError &&
        (isGone(request.error) ? (
          <EmptyState
            icon={<FileSearchOutlined aria-hidden />}
            title={t('change.gone')}
            text={t('change.goneHelp')}
            action={<Link to="/change-requests">{t('change.list')}</Link>}
          />
        ) : (
          <ErrorState error={request.error} onRetry={() => void request.refetch()} />
        ))}
      {request.isSuccess && <Detail request={request.data} />}
    </Page>
  )
}

function Detail({ request }: { request: ChangeRequest }) {
  const { t } = useTranslation()
  const moved = request.moved.map((field) => fieldLabel(t, request.subject_type, field))
  return (
    <div className={columns.stack}>
      <Card>
        <div className={styles.head}>
          <h2 className={styles.name}>
            {request.customer ? (
              <Link to="/customers/$customerId" params={{ customerId: request.customer.id }}>
                {request.customer.name}
              </Link>
            ) : (
              t('change.customerHidden')
            )}
          </h2>
          <RequestStateTag state={request.state} />
        </div>
        {request.subject_type === 'contact' && (
          <p>{t('change.ofContact', { name: contactName(t, request.subject_name) ?? t('common.unknown') })}</p>
        )}
        <p className={styles.soft}>
          {t('change.requestedBy', { name: request.requested_by.name })} · <Moment at={request.requested_at} />
        </p>
        <p className={styles.soft}>
          {standsWith(t, request)}
          {request.decided_at && (
            <>
              {' · '}
              <Moment at={request.decided_at} />
            </>
          )}
        </p>
        <p className={styles.reason}>
          <span className={styles.soft}>{t('change.reason')}</span>
          <br />
          {request.reason}
        </p>
        <ChangeTable request={request} />
        {request.comment && (
          <p className={styles.reason}>
            <span className={styles.soft}>{t('change.comment')}</span>
            <br />
            {request.comment}
          </p>
        )}
      </Card>
      {moved.length > 0 && (
        <Alert type="warning" showIcon title={t('change.moved', { fields: moved.join(t('common.listSeparator')) })} />
      )}
      {request.can_decide && <DecisionForm request={request} />}
      {request.can_withdraw && <WithdrawButton request={request} />}
    </div>
  )
}
