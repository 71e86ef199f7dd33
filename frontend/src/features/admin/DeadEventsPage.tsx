import { RedoOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { deadEventKeys, deadEventsQuery, replayDeadEvents } from './api'
import { DeadEventItem } from './DeadEventItem'
import styles from './RecordList.module.css'

export function DeadEventsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="events.manage" title={t('deadEvents.title')}>
      <DeadEvents />
    </RequirePermission>
  )
}

function DeadEvents() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const events = useInfiniteQuery(deadEventsQuery)
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('deadEvents.title')}
      width="reading"
      actions={items.length > 0 && <ReplayAll />}
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      {events.isPending && <CardSkeletons count={4} />}
      {events.isError && items.length === 0 && (
        <ErrorState error={events.error} onRetry={() => void events.refetch()} />
      )}
      {events.data && items.length === 0 && (
        <EmptyState title={t('deadEvents.emptyTitle')} text={t('deadEvents.emptyText')} />
      )}
      {items.length > 0 && (
        <>
          <p className={styles.about}>{t('deadEvents.about')}</p>
          <ul className={styles.list}>
            {items.map((event) => (
              <DeadEventItem key={event.id} event={event} />
            ))}
          </ul>
          <LoadMore {...events} />
        </>
      )}
    </Page>
  )
}

function ReplayAll() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const replay = useMutation({
    mutationFn: replayDeadEvents,
    onSuccess: ({ replayed }) => {
      void message.success(t('deadEvents.replayedAll', { count: replayed }))
      return client.invalidateQueries({ queryKey: deadEventKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const ask = (): void => {
    modal.confirm({
      title: t('deadEvents.replayAllAsk'),
      content: t('deadEvents.replayAllHelp'),
      okText: t('deadEvents.replayAll'),
      onOk: () => replay.mutateAsync().catch(() => undefined),
    })
  }
  return (
    <Button icon={<RedoOutlined aria-hidden />} loading={replay.isPending} onClick={ask}>
      {t('deadEvents.replayAll')}
    </Button>
  )
}
