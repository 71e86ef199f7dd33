import { StopOutlined, WarningOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Steps } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import type { ImportRun, ImportState } from '@/api/types'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { word } from '@/lib/words'
import { importQuery, type Register } from './api'
import { CheckedStep } from './CheckedStep'
import styles from './imports.module.css'
import { MappingStep } from './MappingStep'
import { ProgressStep } from './ProgressStep'
import { ResultStep } from './ResultStep'

export function ImportPage() {
  const { t } = useTranslation()
  const { runId } = useParams({ from: '/shell/imports/$runId' })
  return (
    <RequirePermission permission="import.run" title={t('imports.title')}>
      <Import id={runId} />
    </RequirePermission>
  )
}

function Import({ id }: { id: string }) {
  const { t } = useTranslation()
  const run = useQuery(importQuery(id))
  if (run.data) return <Wizard run={run.data} />
  return (
    <Page title={t('imports.title')} backTo="/imports">
      {run.isPending && <CardSkeletons count={3} />}
      {run.isError &&
        (isGone(run.error) ? (
          <EmptyState icon={<StopOutlined aria-hidden />} title={t('imports.gone')} action={<ToAll />} />
        ) : (
          <ErrorState error={run.error} onRetry={() => void run.refetch()} />
        ))}
    </Page>
  )
}

function ToAll() {
  const { t } = useTranslation()
  return <Link to="/imports">{t('imports.toAll')}</Link>
}

const PHASES = ['file', 'columns', 'check', 'write'] as const
const PHASE_OF: Record<ImportState, number> = {
  reading: 0,
  unreadable: 0,
  mapping: 1,
  checking: 2,
  ready: 2,
  discarded: 2,
  running: 3,
  stopped: 3,
  done: 4,
  undoing: 4,
  undone: 4,
}

function Wizard({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const phase = PHASE_OF[run.state]
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next step is read from its beginning
  useEffect(() => window.scrollTo(0, 0), [phase])
  return (
    <Page
      title={run.file_name}
      backTo="/imports"
      subtitle={
        <>
          {t(`imports.registers.${run.target as Register}`)} · {run.person.name} · <Moment at={run.created_at} />
        </>
      }
    >
      <div className={styles.phases}>
        <Steps
          size="small"
          responsive={false}
          {...(isPhone ? { titlePlacement: 'vertical' as const } : {})}
          current={phase}
          status={run.state === 'unreadable' ? 'error' : 'process'}
          items={PHASES.map((name) => ({ title: t(`imports.phases.${name}`) }))}
        />
      </div>
      {run.earlier && phase < 3 && (
        <Alert
          type="warning"
          showIcon
          className={styles.notice}
          title={t('imports.sameFile', { count: run.earlier.created })}
          description={
            <Link to="/imports/$runId" params={{ runId: run.earlier.id }}>
              {t('imports.lookAtEarlier')}
            </Link>
          }
        />
      )}
      <Content run={run} />
    </Page>
  )
}

function Content({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  switch (run.state) {
    case 'unreadable':
      return (
        <EmptyState
          icon={<WarningOutlined aria-hidden />}
          tone="late"
          title={word(t, `problem.${run.refusal}.title`, t('imports.unreadable'))}
          text={word(t, `problem.${run.refusal}.help`, t('imports.unreadableHelp'))}
          action={<ToAll />}
        />
      )
    case 'discarded':
      return (
        <EmptyState
          icon={<StopOutlined aria-hidden />}
          title={t('imports.discarded')}
          text={t('imports.discardedHelp')}
          action={<ToAll />}
        />
      )
    case 'mapping':
      return <MappingStep key={run.id} run={run} />
    case 'ready':
      return <CheckedStep run={run} />
    case 'done':
    case 'undone':
    case 'stopped':
      return <ResultStep run={run} />
    default:
      return <ProgressStep run={run} />
  }
}
