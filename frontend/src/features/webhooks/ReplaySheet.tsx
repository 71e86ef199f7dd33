import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadKeys } from '@/api/leads'
import { submissionKeys } from '@/api/submissions'
import type { LeadPreview, Submission } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, ErrorState } from '@/components/states'
import { useDebounced } from '@/lib/debounced'
import { sayProblem } from '@/lib/formProblem'
import { type Corrections, previewQuery, replaySubmission } from './api'
import { correctionsOf, EDITED } from './corrections'
import { Faults } from './Faults'
import { faultWords, targetWords } from './faultWords'
import { RawFields } from './RawFields'
import styles from './webhooks.module.css'

interface Props {
  submission: Submission
  open: boolean
  onClose: () => void
}

export function ReplaySheet({ submission, open, onClose }: Props) {
  const { t } = useTranslation()
  const found = useQuery(previewQuery(submission.id, {}))
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('quarantine.replayTitle')}
      phoneHeight="full"
      width={640}
      keepsOnOutsideTap
    >
      <p className={styles.soft}>{t('quarantine.replayHelp')}</p>
      <RawFields payload={submission.payload} />
      {found.isPending && <CardSkeletons count={3} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <CorrectionForm submission={submission} found={found.data} onDone={onClose} />}
    </Sheet>
  )
}

function CorrectionForm({
  submission,
  found,
  onDone,
}: {
  submission: Submission
  found: LeadPreview
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [first] = useState(found)
  const [typed, setTyped] = useState<Corrections>({})
  const corrections = correctionsOf(first.fields, typed)
  const tried = useQuery(previewQuery(submission.id, useDebounced(corrections)))
  const preview = tried.data ?? first
  const replay = useMutation({
    mutationFn: () => replaySubmission(submission.id, corrections),
    onSuccess: () => {
      void message.success(t('quarantine.replayed'))
      onDone()
      void client.invalidateQueries({ queryKey: leadKeys.all })
      return client.invalidateQueries({ queryKey: submissionKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const faultOf = (name: string) => preview.faults.find((fault) => fault.field === name)
  return (
    <Form layout="vertical" onFinish={() => replay.mutate()}>
      <div className={styles.pair}>
        {EDITED.map((name) => {
          const fault = faultOf(name)
          return (
            <Form.Item
              key={name}
              label={targetWords(t, name)}
              htmlFor={`correct-${name}`}
              validateStatus={fault ? 'error' : ''}
              help={fault && faultWords(t, fault)}
            >
              <Input
                id={`correct-${name}`}
                maxLength={name === 'need' ? 5000 : 200}
                value={typed[name] ?? first.fields[name] ?? ''}
                onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
              />
            </Form.Item>
          )
        })}
      </div>
      <div role="status">
        {preview.fits ? <p className={styles.fits}>{t('quarantine.fits')}</p> : <Faults faults={preview.faults} />}
      </div>
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={replay.isPending} disabled={!preview.fits}>
          {t('quarantine.makeLead')}
        </Button>
      </div>
    </Form>
  )
}
