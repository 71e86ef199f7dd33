import { BellOutlined, CheckOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeKeys, summaryQuery } from '@/api/notifications'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { markAllRead, noticesQuery } from './api'
import { NoticeItem } from './NoticeItem'
import styles from './NotificationsPage.module.css'

export function NotificationsPage() {
  const { t } = useTranslation()
  const [unreadOnly, setUnreadOnly] = useState(false)
  const notices = useInfiniteQuery(noticesQuery(unreadOnly))
  const items = notices.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={t('notifications.title')} width="reading" actions={<ReadAll />}>
      <div className={styles.filter}>
        <Segmented
          aria-label={t('notifications.title')}
          value={unreadOnly ? 'unread' : 'all'}
          onChange={(value) => setUnreadOnly(value === 'unread')}
          options={[
            { value: 'all', label: t('today.all') },
            { value: 'unread', label: t('notifications.unreadOnly') },
          ]}
        />
      </div>
      {notices.isPending && <CardSkeletons count={4} />}
      {notices.isError && items.length === 0 && (
        <ErrorState error={notices.error} onRetry={() => void notices.refetch()} />
      )}
      {notices.data && items.length === 0 && (
        <EmptyState
          icon={<BellOutlined aria-hidden />}
          title={unreadOnly ? t('notifications.emptyUnread') : t('notifications.emptyTitle')}
          text={t('notifications.emptyText')}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((notice) => (
              <NoticeItem key={notice.id} notice={notice} />
            ))}
          </ul>
          <LoadMore {...notices} />
        </>
      )}
    </Page>
  )
}

function ReadAll() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { data } = useQuery(summaryQuery)
  const readAll = useMutation({
    mutationFn: markAllRead,
    onSuccess: () => {
      void message.success(t('notifications.readAllDone'))
      return client.invalidateQueries({ queryKey: noticeKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <Button
      icon={<CheckOutlined aria-hidden />}
      disabled={!data?.unread}
      loading={readAll.isPending}
      onClick={() => readAll.mutate()}
    >
      {t('notifications.readAll')}
    </Button>
  )
}
