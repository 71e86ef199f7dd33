import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useEffect, useEffectEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pipeline } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { newerState } from '@/components/StaleNotice'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { ownedScopesOf, useMe } from '@/lib/session'
import { changePipeline, pipelineChanged, trialQuery } from './api'
import { DifferenceList } from './DifferenceList'
import type { Difference } from './differences'
import type { PipelineDocument } from './document'
import { type Faults, faultsOf } from './faults'
import styles from './pipelines.module.css'
import { TrialReport } from './TrialReport'

interface Props extends Opening {
  pipeline: Pipeline
  draft: PipelineDocument
  found: Difference[]
  note: string
  onNote: (note: string) => void
  onSaved: (next: Pipeline) => void
  onFaults: (faults: Faults) => void
  onStale: (current: Pipeline) => void
}

/** Before a draft goes live: what it changes in words, what it means for the deals in flight, and why it is made. */
export function PublishSheet({
  pipeline,
  draft,
  found,
  note,
  onNote,
  onSaved,
  onFaults,
  onStale,
  open,
  onClose,
}: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const noteId = useId()
  const [isAsked, setIsAsked] = useState(false)
  const scope = ownedScopesOf(useMe()).at(-1) ?? 'own'
  const trial = useQuery({ ...trialQuery(pipeline.id, draft, scope), enabled: open })
  const isFaulty = Object.keys(faultsOf(t, trial.error)).length > 0
  const refuse = useEffectEvent(() => isFaulty && onFaults(faultsOf(t, trial.error)))
  useEffect(() => {
    if (trial.error) refuse()
  }, [trial.error])
  const save = useMutation({
    mutationFn: () => changePipeline(pipeline.id, draft, note.trim(), pipeline.version),
    onSuccess: async (next) => {
      void message.success(t('pipeline.published'))
      onSaved(next)
      await pipelineChanged(client)
    },
    onError: (error) => {
      const current = newerState<Pipeline>(error)
      const faults = faultsOf(t, error)
      if (current) onStale(current)
      else if (Object.keys(faults).length > 0) onFaults(faults)
      else sayProblem(message, t, error)
    },
  })
  const isUnsaid = note.trim() === ''
  const submit = (): void => {
    setIsAsked(true)
    if (!isUnsaid) save.mutate()
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('pipeline.publishTitle')}
      phoneHeight="full"
      width={640}
      keepsOnOutsideTap
      footer={
        <Button
          type="primary"
          size="large"
          block
          loading={save.isPending}
          disabled={trial.isPending || isFaulty}
          onClick={submit}
        >
          {t('pipeline.confirm')}
        </Button>
      }
    >
      <h3 className={styles.heading}>{t('pipeline.whatChanges')}</h3>
      <DifferenceList found={found} />
      <h3 className={styles.heading}>{t('pipeline.trial.title')}</h3>
      {trial.isPending && <CardSkeletons count={2} />}
      {trial.isError && !isFaulty && <ErrorState error={trial.error} onRetry={() => void trial.refetch()} level={2} />}
      {trial.data && <TrialReport trial={trial.data} />}
      <div className={styles.field}>
        <label className={styles.label} htmlFor={noteId}>
          {t('pipeline.note')}
        </label>
        <Input
          id={noteId}
          maxLength={200}
          value={note}
          status={isAsked && isUnsaid ? 'error' : ''}
          placeholder={t('pipeline.noteHint')}
          aria-describedby={`${noteId}-said`}
          onChange={({ target }) => onNote(target.value)}
          onPressEnter={submit}
        />
        {isAsked && isUnsaid ? (
          <p id={`${noteId}-said`} role="alert" className={styles.fault}>
            {t('pipeline.noteNeeded')}
          </p>
        ) : (
          <p id={`${noteId}-said`} className={styles.soft}>
            {t('pipeline.noteHelp')}
          </p>
        )}
      </div>
    </Sheet>
  )
}
