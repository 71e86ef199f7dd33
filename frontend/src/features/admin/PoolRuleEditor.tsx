import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Collapse, InputNumber, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PoolRule, PoolRuleFields } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { sayProblem } from '@/lib/formProblem'
import { PoolTrial } from './PoolTrial'
import styles from './settings.module.css'
import { changePoolRule, poolKeys } from './settingsApi'

const TABLES = ['pool_rule'] as const
const AMOUNTS = [
  { name: 'reclaim_after_days', label: 'pool.reclaimAfter', min: 1, max: 3650 },
  { name: 'cooling_off_days', label: 'pool.coolingOff', min: 0, max: 3650 },
  { name: 'claims_a_day', label: 'pool.claimsADay', min: 1, max: 10_000 },
] as const

type Known = PoolRuleFields & { id: string; version: PoolRule['version'] | undefined }

const fieldsOf = (rule: PoolRuleFields): PoolRuleFields => ({
  reclaim_after_days: rule.reclaim_after_days,
  cooling_off_days: rule.cooling_off_days,
  claims_a_day: rule.claims_a_day,
  is_active: rule.is_active,
})

interface Props {
  rule: Known
  region: { id: string; name: string } | null
}

/** The rule of the company or of a region, with what it would do before it is saved. */
export function PoolRuleEditor({ rule, region }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const id = useId()
  const [fields, setFields] = useState(fieldsOf(rule))
  const [saved, setSaved] = useState<Known>(rule)
  const [theirs, setTheirs] = useState<PoolRule | null>(null)
  const isNew = saved.version === undefined
  const isChanged = isNew || JSON.stringify(fields) !== JSON.stringify(fieldsOf(saved))
  const save = useMutation({
    mutationFn: (version: number | undefined) => changePoolRule(region?.id ?? null, fields, version),
    onSuccess: (next) => {
      void message.success(t('pool.saved'))
      setSaved(next)
      setFields(fieldsOf(next))
      void client.invalidateQueries({ queryKey: ['changes'] })
      return client.invalidateQueries({ queryKey: poolKeys.all })
    },
    onError: (error) => {
      const current = newerState<PoolRule>(error)
      if (current) setTheirs(current)
      else sayProblem(message, t, error)
    },
  })
  const rebase = (current: PoolRule): PoolRule => {
    setTheirs(null)
    setSaved(current)
    return current
  }
  const name = region?.name ?? t('pool.company')
  return (
    <section className={styles.block} aria-label={name}>
      <h2 className={styles.name}>{name}</h2>
      {!region && <p className={styles.soft}>{t('pool.companyHelp')}</p>}
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => setFields(fieldsOf(rebase(theirs)))}
          onKeepMine={() => save.mutate(rebase(theirs).version)}
        />
      )}
      <label className={styles.card} style={{ margin: '12px 0' }} htmlFor={`${id}-active`}>
        {t('pool.isActive')}
        <Switch
          id={`${id}-active`}
          checked={fields.is_active}
          onChange={(is_active) => setFields({ ...fields, is_active })}
        />
      </label>
      <div className={styles.pair}>
        {AMOUNTS.map(({ name: amount, label, min, max }) => (
          <div key={amount} style={{ marginBottom: 12 }}>
            <label className={styles.label} htmlFor={`${id}-${amount}`}>
              {t(label)}
            </label>
            <InputNumber
              id={`${id}-${amount}`}
              style={{ width: '100%' }}
              min={min}
              max={max}
              precision={0}
              value={fields[amount]}
              onChange={(value) => value !== null && setFields({ ...fields, [amount]: value })}
            />
          </div>
        ))}
      </div>
      {fields.is_active && <PoolTrial regionId={region?.id ?? null} days={fields.reclaim_after_days} />}
      <Button
        type="primary"
        size="large"
        style={{ margin: '16px 0 8px' }}
        disabled={!isChanged || theirs !== null}
        loading={save.isPending}
        onClick={() => save.mutate(saved.version)}
      >
        {t('pool.save')}
      </Button>
      {!isNew && (
        <Collapse
          ghost
          items={[{ key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={saved.id} /> }]}
        />
      )}
    </section>
  )
}
