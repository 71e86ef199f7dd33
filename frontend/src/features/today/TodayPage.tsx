import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toDoCount, todayListQuery, todayQuery } from '@/api/today'
import type { Today, TodayItem, TodayKind } from '@/api/types'
import { useLeadSheets } from '@/components/lead/LeadSheets'
import { Page } from '@/components/Page'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { useArrivals } from '@/lib/arrivals'
import { useIsPhone } from '@/lib/media'
import { may, useMe } from '@/lib/session'
import { useTicking } from '@/lib/ticker'
import { dayLine, hourOf } from '@/lib/time'
import { JumpToNew } from './JumpToNew'
import { KindFilter } from './KindFilter'
import { dayPart, sectionsOf } from './sections'
import { TodayEmpty } from './TodayEmpty'
import { TodayNotices } from './TodayNotices'
import styles from './TodayPage.module.css'
import { TodaySection } from './TodaySection'
import { useSlide } from './useSlide'

export function TodayPage() {
  const { t } = useTranslation()
  const me = useMe()
  const sheets = useLeadSheets()
  const isPhone = useIsPhone()
  const today = useQuery(todayQuery)
  const title = useGreeting(me.name)
  const add = may(me, 'lead.create') && (
    <Button
      type={isPhone ? 'default' : 'primary'}
      icon={<PlusOutlined aria-hidden />}
      aria-label={t('quick.open')}
      onClick={() => sheets.open({ kind: 'quick_entry' })}
    >
      {isPhone ? null : t('quick.open')}
    </Button>
  )
  return (
    <Page title={isPhone ? t('today.title') : title} subtitle={<Summary today={today.data} />} actions={add}>
      {today.isPending && <CardSkeletons count={4} />}
      {today.isError && !today.data && <ErrorState error={today.error} onRetry={() => void today.refetch()} />}
      {today.data && <TodayNotices notices={today.data.notices} />}
      {today.data && <TodayList today={today.data} />}
    </Page>
  )
}

function useGreeting(name: string): string {
  const { t } = useTranslation()
  const part = useTicking((now) => dayPart(hourOf(now)))
  return t(`today.${part}`, { name })
}

function Summary({ today }: { today: Today | undefined }) {
  const { t, i18n } = useTranslation()
  const day = useTicking((now) => dayLine(now, asLanguage(i18n.language)))
  const count = today && toDoCount(today)
  return (
    <>
      {day}
      {count !== undefined && ` · ${count === 0 ? t('today.summaryClear') : t('today.summary', { count })}`}
    </>
  )
}

function TodayList({ today }: { today: Today }) {
  const { t } = useTranslation()
  const arrivals = useArrivals()
  const [only, setOnly] = useState<TodayKind | null>(null)
  const list = useRef<HTMLDivElement>(null)
  useSlide(list)
  const isCut = toDoCount(today) > today.items.length
  const part = useQuery({ ...todayListQuery(only), enabled: isCut && only !== null })
  const listed = (isCut && only && part.data) || today
  const missing = (only ? (listed.counts[only] ?? 0) : toDoCount(listed)) - listed.items.filter(isOf(only)).length
  const arrivedIds = arrivals.map((arrival) => arrival.leadId)
  const sections = sectionsOf(listed.items, arrivedIds, only)
  if (today.items.length === 0) return <TodayEmpty />
  return (
    <div className={styles.body}>
      <KindFilter today={today} only={only} onChange={setOnly} />
      <div ref={list} className={styles.list}>
        {sections.map((section) => (
          <TodaySection key={section.kind} section={section} today={listed} />
        ))}
        {missing > 0 && <p className={styles.nothing}>{t('today.more', { count: missing })}</p>}
        {sections.length === 0 && missing === 0 && <p className={styles.nothing}>{t('today.emptyFilter')}</p>}
      </div>
      <JumpToNew arrivals={arrivals} />
    </div>
  )
}

const isOf =
  (only: TodayKind | null) =>
  ({ kind }: TodayItem): boolean =>
    only === null || kind === only
