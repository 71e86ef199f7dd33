import { useRouter } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveEvent } from '@/api/live'
import { noticeWords } from '@/features/notifications/noticeWords'
import { noteArrival } from '@/lib/arrivals'

const SHOWN_S = 8
const SHOWS_NEWS = ['/today', '/notifications']

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

interface Announcement {
  leadId: string
  title: string
  description: string
  spoken: string
  isUrgent: boolean
}

export interface Announcements {
  announce: (event: LiveEvent) => void
  /** The newest, for screen readers. */
  spoken: string
}

function useWordsOf(): (event: LiveEvent) => Announcement | null {
  const { t } = useTranslation()
  return useCallback(
    ({ kind, payload }) => {
      if (kind === 'lead.assigned') {
        const company = text(payload.company) || text(payload.contact_name)
        const title = t('notifications.toastTitle', { company })
        const spoken = t('notifications.arrivedLive', { company })
        return { leadId: text(payload.id), title, description: t('notifications.toastText'), spoken, isUrgent: false }
      }
      if (kind !== 'notification' || payload.is_urgent !== true || payload.subject_type !== 'lead') return null
      const params = typeof payload.params === 'object' ? { ...payload.params } : {}
      const { title, detail } = noticeWords(t, { kind: text(payload.kind), params })
      return { leadId: text(payload.subject_id), title, description: detail, spoken: title, isUrgent: true }
    },
    [t],
  )
}

/** Tells of a lead that has just arrived or escalated: words for screen readers, and a notice with a way to it. */
export function useAnnouncements(): Announcements {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const router = useRouter()
  const wordsOf = useWordsOf()
  const [spoken, setSpoken] = useState('')
  const announce = useCallback(
    (event: LiveEvent) => {
      const said = wordsOf(event)
      if (!said?.leadId) return
      const { leadId, isUrgent } = said
      if (!isUrgent) noteArrival(leadId)
      setSpoken(said.spoken)
      // The news itself comes in there; a notice would cover it.
      if (SHOWS_NEWS.includes(router.state.location.pathname)) return
      const open = (): void => {
        notification.destroy(leadId)
        void router.navigate({ to: '/leads/$leadId', params: { leadId } })
      }
      notification[isUrgent ? 'warning' : 'info']({
        key: leadId,
        title: said.title,
        description: said.description,
        actions: <Button onClick={open}>{t('common.view')}</Button>,
        duration: SHOWN_S,
      })
    },
    [wordsOf, notification, router, t],
  )
  return { announce, spoken }
}
