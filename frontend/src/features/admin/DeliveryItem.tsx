import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, RedoOutlined, SyncOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Delivery } from '@/api/types'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { may, useMe } from '@/lib/session'
import { deliveryKeys, replayDelivery } from './api'
import styles from './RecordList.module.css'

const ICONS = {
  pending: <ClockCircleFilled />,
  sending: <SyncOutlined />,
  sent: <CheckCircleFilled />,
  dead: <CloseCircleFilled />,
} as const

export function DeliveryItem({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation()
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        <p className={styles.head}>
          <span className={`${styles.state} ${styles[delivery.state]}`}>
            <span aria-hidden>{ICONS[delivery.state]}</span> {t(`deliveries.states.${delivery.state}`)}
          </span>
          <strong>{delivery.channel.name}</strong> → {delivery.person.name}
        </p>
        <p className={styles.soft}>
          <Moment at={delivery.sent_at ?? delivery.created_at} /> · {t('deliveries.attempts')} {delivery.attempts}
          {delivery.state === 'pending' && delivery.next_at && (
            <>
              {' · '}
              {t('deliveries.nextAt')} <Moment at={delivery.next_at} />
            </>
          )}
        </p>
        {delivery.last_error && delivery.state !== 'sent' && <p className={styles.error}>{delivery.last_error}</p>}
      </div>
      {delivery.state === 'dead' && <Replay id={delivery.id} />}
    </li>
  )
}

function Replay({ id }: { id: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const me = useMe()
  const replay = useMutation({
    mutationFn: () => replayDelivery(id),
    onSuccess: () => {
      void message.success(t('deliveries.replayed'))
      return client.invalidateQueries({ queryKey: deliveryKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  if (!may(me, 'deliveries.replay')) return null
  return (
    <Button icon={<RedoOutlined aria-hidden />} loading={replay.isPending} onClick={() => replay.mutate()}>
      {t('deliveries.replay')}
    </Button>
  )
}
