import { useRouter } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveEvent } from '@/api/live'
import { noteArrival } from '@/lib/arrivals'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Tells of a lead that has just arrived: words for screen readers, and a notice with a way to it where Today does not show it. */
export function Arrivals({ event }: { event: LiveEvent | null }) {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const router = useRouter()
  const [spoken, setSpoken] = useState('')
  const told = useRef<string | null>(null)
  useEffect(() => {
    if (!event || told.current === event.id) return
    told.current = event.id
    const leadId = text(event.payload.id)
    const company = text(event.payload.company) || text(event.payload.contact_name)
    if (!leadId) return
    noteArrival(leadId)
    setSpoken(t('notifications.arrivedLive', { company }))
    // The card itself comes in on top there; a notice would cover it.
    if (router.state.location.pathname === '/today') return
    const open = (): void => {
      notification.destroy(leadId)
      void router.navigate({ to: '/leads/$leadId', params: { leadId } })
    }
    notification.info({
      key: leadId,
      title: t('notifications.toastTitle', { company }),
      description: t('notifications.toastText'),
      actions: <Button onClick={open}>{t('common.view')}</Button>,
      duration: 8,
    })
  }, [event, notification, router, t])
  return (
    <div aria-live="polite" className="visually-hidden">
      {spoken}
    </div>
  )
}
