import { PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Collapse } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ladder, Rung } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { ErrorState } from '@/components/states'
import { useDebounced } from '@/lib/debounced'
import { sayProblem } from '@/lib/formProblem'
import { word } from '@/lib/words'
import { RungRow } from './RungRow'
import styles from './settings.module.css'
import { changeLadder, type LadderFields, ladderKeys, ladderTrialQuery } from './settingsApi'

const TABLES = ['ladder'] as const

/** A further rung under a name that no other has: what has fired stays tied to the names of before. */
export function nextRung(rungs: readonly Rung[], base: string, who: Rung['who']): Rung {
  const taken = new Set(rungs.map(({ key }) => key))
  const number = Array.from({ length: rungs.length + 1 }, (_, index) => index + 1).find(
    (one) => !taken.has(`step_${one}`),
  )
  return { key: `step_${number}`, base, how: 'elapsed_hours', amount: 24, who, is_urgent: true }
}

interface Props {
  ladder: Ladder
  bases: string[]
  recipients: Rung['who'][]
  /** Only how long its rungs wait can be changed. */
  isFixed: boolean
}

export function LadderEditor({ ladder, bases, recipients, isFixed }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [rungs, setRungs] = useState(ladder.rungs)
  const [spares, setSpares] = useState(ladder.spares_planned)
  const [saved, setSaved] = useState(ladder)
  const [theirs, setTheirs] = useState<Ladder | null>(null)
  const fields = { rungs, spares_planned: spares }
  const isChanged = JSON.stringify(rungs) !== JSON.stringify(saved.rungs) || spares !== saved.spares_planned
  const show = (shown: Ladder): void => {
    setRungs(shown.rungs)
    setSpares(shown.spares_planned)
  }
  const save = useMutation({
    mutationFn: (version: number) => changeLadder(ladder.kind, fields, version),
    onSuccess: (next) => {
      void message.success(t('ladders.saved'))
      setSaved(next)
      show(next)
      void client.invalidateQueries({ queryKey: ['changes'] })
      return client.invalidateQueries({ queryKey: ladderKeys.all })
    },
    onError: (error) => {
      const current = newerState<Ladder>(error)
      if (current) setTheirs(current)
      else sayProblem(message, t, error)
    },
  })
  const rebase = (current: Ladder): Ladder => {
    setTheirs(null)
    setSaved(current)
    return current
  }
  const change = (place: number, part: Partial<Rung>): void =>
    setRungs(rungs.map((rung, index) => (index === place ? { ...rung, ...part } : rung)))
  const isWhole = rungs.every((rung) => rung.amount >= 1)
  return (
    <section className={styles.block} aria-label={word(t, `ladders.kinds.${ladder.kind}`, ladder.kind)}>
      <h2 className={styles.name}>{word(t, `ladders.kinds.${ladder.kind}`, ladder.kind)}</h2>
      {theirs && (
        <StaleNotice onTakeTheirs={() => show(rebase(theirs))} onKeepMine={() => save.mutate(rebase(theirs).version)} />
      )}
      {rungs.map((rung, place) => (
        <RungRow
          key={rung.key}
          rung={rung}
          bases={bases}
          recipients={recipients}
          isFixed={isFixed}
          onChange={(part) => change(place, part)}
          onRemove={() => setRungs(rungs.filter((_, index) => index !== place))}
        />
      ))}
      {isFixed ? (
        <Checkbox checked={spares} style={{ margin: '12px 0' }} onChange={(event) => setSpares(event.target.checked)}>
          {t('ladders.sparesPlanned')}
        </Checkbox>
      ) : (
        <Button
          block
          type="dashed"
          icon={<PlusOutlined aria-hidden />}
          style={{ margin: '12px 0' }}
          disabled={rungs.length >= 20}
          onClick={() => setRungs([...rungs, nextRung(rungs, bases[0] ?? 'assigned', recipients[1] ?? 'supervisor')])}
        >
          {t('ladders.add')}
        </Button>
      )}
      {isWhole && <LadderTrial kind={ladder.kind} fields={fields} known={saved.rungs} />}
      <Button
        type="primary"
        size="large"
        style={{ margin: '16px 0 8px' }}
        disabled={!isChanged || !isWhole || theirs !== null}
        loading={save.isPending}
        onClick={() => save.mutate(saved.version)}
      >
        {t('ladders.save')}
      </Button>
      <Collapse
        ghost
        items={[
          { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={ladder.kind} /> },
        ]}
      />
    </section>
  )
}

/** What the rungs on the screen would do to the records that wait now: nothing is stored. */
function LadderTrial({ kind, fields, known }: { kind: string; fields: LadderFields; known: Rung[] }) {
  const { t } = useTranslation()
  const trial = useQuery(ladderTrialQuery(kind, useDebounced(fields)))
  if (trial.isError) return <ErrorState error={trial.error} onRetry={() => void trial.refetch()} />
  if (!trial.data) return null
  const isNew = (key: string): boolean => !known.some((rung) => rung.key === key)
  return (
    <div role="status">
      <h3 className={styles.name}>{t('ladders.trial')}</h3>
      <p className={styles.soft}>{t('ladders.trialHelp')}</p>
      <table className={styles.trial}>
        <thead>
          <tr>
            <th scope="col">{t('ladders.rung')}</th>
            <th scope="col">{t('ladders.pending')}</th>
            <th scope="col">{t('ladders.dueNow')}</th>
            <th scope="col">{t('ladders.dueSoon')}</th>
          </tr>
        </thead>
        <tbody>
          {trial.data.rungs.map((one) => (
            <tr key={one.rung}>
              <td>{word(t, `ladders.rungs.${one.rung}`, one.rung)}</td>
              <td>{isNew(one.rung) ? t('ladders.fromNow') : one.pending}</td>
              <td>{one.due_now}</td>
              <td>{one.due_soon}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {trial.data.stopped > 0 && <p className={styles.soft}>{t('ladders.stopped', { count: trial.data.stopped })}</p>}
    </div>
  )
}
