import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, read } from '@/api/client'
import { noticeKeys } from '@/api/notifications'

export const noticesQuery = (unreadOnly: boolean) =>
  infiniteQueryOptions({
    queryKey: [...noticeKeys.list, unreadOnly],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/notifications', {
          params: { query: { unread_only: unreadOnly, cursor: pageParam, limit: 30 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const markRead = (notification_id: string) =>
  read(api.POST('/api/v1/notifications/{notification_id}/read', { params: { path: { notification_id } } }))

export const markAllRead = () => read(api.POST('/api/v1/notifications/read-all'))
