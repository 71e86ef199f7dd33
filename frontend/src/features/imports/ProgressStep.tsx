import { PauseOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { Card } from '@/components/Card'
import { takeStep } from './api'
import styles from './imports.module.css'
import { outcomeLine, percentOf } from './outcome'
import { useStep } from './steps'

/** The worker's turn: how far it is, live; the person may leave. */
export function ProgressStep({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const stop = useStep(run.id, () => takeStep(run.id, 'stop'))
  const percent = percentOf(run)
  const { done, total } = run.counts
  return (
    <Card title={t(`imports.states.${run.state}`)}>
      <Progress
        percent={percent ?? 100}
        status="active"
        showInfo={percent !== null}
        aria-label={t(`imports.states.${run.state}`)}
      />
      <p className={styles.figures} aria-live="polite">
        {percent === null ? t('imports.readRows', { count: done }) : t('imports.doneOf', { done, total })}
      </p>
      <p className={styles.soft}>{outcomeLine(t, run) || t('imports.mayLeave')}</p>
      {run.steps.includes('stop') && (
        <div className={styles.actions}>
          <Button icon={<PauseOutlined aria-hidden />} loading={stop.isPending} onClick={() => stop.mutate(undefined)}>
            {t('imports.stop')}
          </Button>
        </div>
      )}
    </Card>
  )
}
