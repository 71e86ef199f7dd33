import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { Card } from '@/components/Card'
import { takeStep } from './api'
import { Figures } from './Figures'
import styles from './imports.module.css'
import { MappingStep } from './MappingStep'
import { RowList } from './RowList'
import { SaveMapping } from './SaveMapping'
import { useStep } from './steps'
import { TakeProblems } from './TakeProblems'

/** Nothing is written yet: what would be, what would be left out, and why. */
export function CheckedStep({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const [isChanging, setIsChanging] = useState(false)
  const start = useStep(run.id, () => takeStep(run.id, 'start'))
  const discard = useStep(run.id, () => takeStep(run.id, 'discard'))
  const { total, problems, duplicates } = run.counts
  const ready = total - problems - duplicates
  if (isChanging) return <MappingStep run={run} onBack={() => setIsChanging(false)} />
  return (
    <div className={styles.stack}>
      <Card title={t('imports.checkedTitle')}>
        <Figures figures={{ ready, duplicates, problems }} />
        {ready === 0 && (
          <Alert type="warning" showIcon className={styles.notice} title={t('imports.nothingToImport')} />
        )}
        <p className={styles.soft}>{t('imports.checkedHelp')}</p>
        {run.steps.length > 0 && (
          <div className={styles.actions}>
            <Button
              type="primary"
              disabled={ready === 0}
              loading={start.isPending}
              onClick={() => start.mutate(undefined)}
            >
              {t('imports.start', { count: ready })}
            </Button>
            <Button onClick={() => setIsChanging(true)}>{t('imports.changeSettings')}</Button>
            <SaveMapping run={run} />
            {run.has_problems_file && <TakeProblems run={run} />}
            <Button danger type="text" loading={discard.isPending} onClick={() => discard.mutate(undefined)}>
              {t('imports.discard')}
            </Button>
          </div>
        )}
      </Card>
      <RowList run={run} kinds={['ready', 'duplicate', 'problem']} />
    </div>
  )
}
