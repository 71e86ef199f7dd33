import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Collapse, Input, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Daily } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { CardSkeletons, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import styles from './settings.module.css'
import { changeDaily, dailiesQuery, dailyKeys } from './settingsApi'

const TABLES = ['daily'] as const

/** What goes out once on each working day, and when. */
export function Dailies() {
  const { t } = useTranslation()
  const dailies = useQuery({ ...dailiesQuery, refetchOnWindowFocus: false })
  return (
    <section className={styles.block} aria-label={t('dailies.title')}>
      <h2 className={styles.name}>{t('dailies.title')}</h2>
      <p className={styles.soft}>{t('dailies.help')}</p>
      {dailies.isPending && <CardSkeletons count={1} />}
      {dailies.isError && <ErrorState error={dailies.error} onRetry={() => void dailies.refetch()} />}
      {dailies.data?.items.map((daily) => (
        <DailyRow key={daily.kind} daily={daily} />
      ))}
    </section>
  )
}

function DailyRow({ daily }: { daily: Daily }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const id = useId()
  const [saved, setSaved] = useState(daily)
  const [at, setAt] = useState(daily.at)
  const [isOn, setIsOn] = useState(daily.is_active)
  const [theirs, setTheirs] = useState<Daily | null>(null)
  const take = (next: Daily): void => {
    setTheirs(null)
    setSaved(next)
    setAt(next.at)
    setIsOn(next.is_active)
  }
  const save = useMutation({
    mutationFn: (version: number) => changeDaily(daily.kind, { at, is_active: isOn }, version),
    onSuccess: (next) => {
      void message.success(t('common.saved'))
      take(next)
      void client.invalidateQueries({ queryKey: ['changes'] })
      return client.invalidateQueries({ queryKey: dailyKeys.all })
    },
    onError: (error) => {
      const current = newerState<Daily>(error)
      if (current) setTheirs(current)
      else sayProblem(message, t, error)
    },
  })
  const name = t(`dailies.kinds.${daily.kind}`)
  return (
    <fieldset style={{ border: 0, margin: 0, padding: '14px 0 0' }}>
      <legend className="visually-hidden">{name}</legend>
      {theirs && <StaleNotice onTakeTheirs={() => take(theirs)} onKeepMine={() => save.mutate(theirs.version)} />}
      <div className={styles.daily}>
        <div className={styles.grow}>
          <p className={styles.name}>{name}</p>
          <p className={styles.soft}>{t('dailies.before', { at: daily.before })}</p>
        </div>
        <label className={styles.label} htmlFor={`${id}-at`}>
          {t('dailies.at')}
          <Input
            id={`${id}-at`}
            type="time"
            style={{ width: 116, display: 'block' }}
            value={at}
            onChange={(event) => setAt(event.target.value)}
          />
        </label>
        <label className={styles.label} htmlFor={`${id}-on`}>
          {t('dailies.isOn')}
          <Switch id={`${id}-on`} style={{ display: 'block', marginTop: 5 }} checked={isOn} onChange={setIsOn} />
        </label>
        <Button
          disabled={!at || theirs !== null || (at === saved.at && isOn === saved.is_active)}
          loading={save.isPending}
          aria-label={`${t('common.save')} ${name}`}
          onClick={() => save.mutate(saved.version)}
        >
          {t('common.save')}
        </Button>
      </div>
      <Collapse
        ghost
        items={[{ key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={daily.kind} /> }]}
      />
    </fieldset>
  )
}
