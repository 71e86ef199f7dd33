import { SendOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeliveryState } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { channelsQuery, deliveriesQuery } from './api'
import { DeliveryItem } from './DeliveryItem'
import styles from './RecordList.module.css'

const STATES: DeliveryState[] = ['pending', 'sending', 'sent', 'dead']

export function DeliveriesPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="channels.read" title={t('deliveries.title')}>
      <Deliveries />
    </RequirePermission>
  )
}

function Deliveries() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [state, setState] = useState<DeliveryState | undefined>()
  const deliveries = useInfiniteQuery(deliveriesQuery(state))
  const items = deliveries.data?.pages.flatMap((page) => page.items) ?? []
  const isDead = state === 'dead'
  return (
    <Page title={t('deliveries.title')} width="reading" {...(isPhone ? { backTo: '/me' } : {})}>
      <ChannelProblems />
      <div className={styles.filter}>
        <ChoiceGrid
          size="chip"
          name="delivery-state"
          label={t('deliveries.state')}
          value={state ?? 'all'}
          onChange={(next) => setState(STATES.find((known) => known === next))}
          choices={[
            { value: 'all', label: t('deliveries.all') },
            ...STATES.map((value) => ({ value, label: t(`deliveries.states.${value}`) })),
          ]}
        />
      </div>
      {deliveries.isPending && <CardSkeletons count={4} />}
      {deliveries.isError && items.length === 0 && (
        <ErrorState error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      )}
      {deliveries.data && items.length === 0 && (
        <EmptyState
          icon={<SendOutlined aria-hidden />}
          title={isDead ? t('deliveries.emptyDead') : t('deliveries.emptyTitle')}
          text={isDead ? t('deliveries.emptyDeadText') : t('deliveries.emptyText')}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((delivery) => (
              <DeliveryItem key={delivery.id} delivery={delivery} />
            ))}
          </ul>
          <LoadMore {...deliveries} />
        </>
      )}
    </Page>
  )
}

/** A channel in trouble is said first: it explains what follows. */
function ChannelProblems() {
  const channels = useQuery(channelsQuery)
  const broken = channels.data?.items.filter((channel) => channel.problem) ?? []
  return broken.map((channel) => (
    <Alert
      key={channel.id}
      type="error"
      showIcon
      title={channel.name}
      description={channel.problem}
      style={{ marginBottom: 16 }}
    />
  ))
}
