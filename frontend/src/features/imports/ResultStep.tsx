import { CaretRightOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { Card } from '@/components/Card'
import { word } from '@/lib/words'
import { type RowKind, takeStep } from './api'
import { Figures } from './Figures'
import styles from './imports.module.css'
import { RowList } from './RowList'
import { useStep } from './steps'
import { TakeProblems } from './TakeProblems'
import { UndoImport } from './UndoImport'

const KINDS: RowKind[] = ['created', 'joined', 'updated', 'duplicate', 'problem']

/** What a run made and left out; stopped it may go on, done it may be undone. */
export function ResultStep({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const resume = useStep(run.id, () => takeStep(run.id, 'resume'))
  const { created, joined, updated, unchanged, duplicates, problems, undone, done, total } = run.counts
  const figures =
    run.state === 'undone'
      ? { undone, created: created - undone }
      : { created, ...(joined > 0 && { joined }), ...(updated + unchanged > 0 && { updated, unchanged }) }
  return (
    <div className={styles.stack}>
      <Card title={t(`imports.states.${run.state}`)}>
        {run.refusal && (
          <Alert
            type="error"
            showIcon
            className={styles.notice}
            title={word(t, `imports.why.${run.refusal}`, run.refusal)}
          />
        )}
        {run.state === 'stopped' && (
          <p className={`${styles.soft} ${styles.said}`}>{t('imports.stoppedAt', { done, total })}</p>
        )}
        <Figures figures={{ ...figures, duplicates, problems }} />
        {run.undo_reason && <p className={styles.soft}>{t('imports.undoneBecause', { reason: run.undo_reason })}</p>}
        <div className={styles.actions}>
          {run.steps.includes('resume') && (
            <Button
              type="primary"
              icon={<CaretRightOutlined aria-hidden />}
              loading={resume.isPending}
              onClick={() => resume.mutate(undefined)}
            >
              {t('imports.resume')}
            </Button>
          )}
          {run.has_problems_file && <TakeProblems run={run} />}
          {run.steps.includes('undo') && created > undone && <UndoImport run={run} />}
        </div>
      </Card>
      <RowList run={run} kinds={run.state === 'undone' ? ['kept', 'duplicate', 'problem'] : KINDS} />
    </div>
  )
}
