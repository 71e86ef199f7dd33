import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Collapse } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeLog } from '@/components/ChangeLog'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { useIsPhone } from '@/lib/media'
import { serverNow } from '@/lib/serverClock'
import { dateOf } from '@/lib/time'
import { calendarQuery } from './api'
import styles from './CalendarPage.module.css'
import { CalendarYears } from './CalendarYears'
import { monthOf, monthTitle, shiftMonth, weeksOf } from './calendarMonth'
import { DaySheet } from './DaySheet'
import { ExceptionList } from './ExceptionList'
import { MonthGrid } from './MonthGrid'
import { WorkingHours } from './WorkingHours'

const TABLES = ['calendar_day', 'calendar_year', 'working_window'] as const

export function CalendarPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="settings.manage" title={t('calendar.title')}>
      <Calendar />
    </RequirePermission>
  )
}

function Calendar() {
  const { t, i18n } = useTranslation()
  const isPhone = useIsPhone()
  const today = dateOf(serverNow())
  const [month, setMonth] = useState(monthOf(today))
  const days = useQuery(calendarQuery(month))
  const [opened, setOpened] = useState({ date: today, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (date: string): void => {
    setOpened(({ serial }) => ({ date, serial: serial + 1 }))
    setIsOpen(true)
  }
  const items = days.data?.items ?? []
  const weeks = weeksOf(month, items)
  const day = weeks.flat().find((one) => one?.date === opened.date)
  return (
    <Page title={t('calendar.title')} width="reading" {...(isPhone ? { backTo: '/me' } : {})}>
      <CalendarYears month={month} onGo={(year) => setMonth(`${year}-01`)} />
      <p className={styles.about}>{t('calendar.about')}</p>
      <section className={styles.card} aria-label={t('calendar.title')}>
        <div className={styles.bar}>
          <Button
            icon={<LeftOutlined aria-hidden />}
            aria-label={t('calendar.before')}
            onClick={() => setMonth(shiftMonth(month, -1))}
          />
          <h2 className={styles.month} aria-live="polite">
            {monthTitle(month, asLanguage(i18n.language))}
          </h2>
          <Button
            icon={<RightOutlined aria-hidden />}
            aria-label={t('calendar.after')}
            onClick={() => setMonth(shiftMonth(month, 1))}
          />
          <Button type="text" disabled={month === monthOf(today)} onClick={() => setMonth(monthOf(today))}>
            {t('calendar.thisMonth')}
          </Button>
        </div>
        {days.isPending && <CardSkeletons count={3} />}
        {days.isError && <ErrorState error={days.error} onRetry={() => void days.refetch()} />}
        {days.data && <MonthGrid weeks={weeks} today={today} onOpen={open} />}
      </section>
      {days.data && <ExceptionList days={items} onOpen={open} />}
      <WorkingHours />
      <Collapse
        ghost
        items={[{ key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} /> }]}
      />
      {opened.serial > 0 && day && (
        <DaySheet key={opened.serial} day={day} open={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Page>
  )
}
