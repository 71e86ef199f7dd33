import { CloseCircleFilled, RedoOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DeadEvent } from '@/api/types'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { word } from '@/lib/words'
import { deadEventKeys, replayDeadEvent } from './api'
import styles from './RecordList.module.css'

export function DeadEventItem({ event }: { event: DeadEvent }) {
  const { t } = useTranslation()
  const isLead = event.kind.startsWith('lead.')
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        <p className={styles.head}>
          <span className={`${styles.state} ${styles.dead}`} aria-hidden>
            <CloseCircleFilled />
          </span>
          <strong>{word(t, `deadEvents.kinds.${event.kind}`, event.kind)}</strong>
          {isLead && (
            <Link to="/leads/$leadId" params={{ leadId: event.subject_id }}>
              {t('deadEvents.openLead')}
            </Link>
          )}
        </p>
        <p className={styles.soft}>
          {t('deadEvents.happened')} <Moment at={event.occurred_at} /> · {t('deadEvents.gaveUp')}{' '}
          <Moment at={event.dead_at} /> · {t('deadEvents.attempts', { count: event.attempts })}
        </p>
        <p className={styles.soft}>{t('deadEvents.subject', { kind: event.kind, id: event.subject_id })}</p>
        {event.last_error && <p className={styles.error}>{event.last_error}</p>}
      </div>
      <Replay id={event.id} />
    </li>
  )
}

function Replay({ id }: { id: number }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: deadEventKeys.all })
  const replay = useMutation({
    mutationFn: () => replayDeadEvent(id),
    onSuccess: () => {
      void message.success(t('deadEvents.replayed'))
      return reload()
    },
    onError: (error) => {
      sayProblem(message, t, error)
      return reload()
    },
  })
  return (
    <Button icon={<RedoOutlined aria-hidden />} loading={replay.isPending} onClick={() => replay.mutate()}>
      {t('deadEvents.replay')}
    </Button>
  )
}
