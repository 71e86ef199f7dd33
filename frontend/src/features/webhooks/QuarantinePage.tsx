import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Submission } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { submissionsQuery } from './api'
import { DismissSheet } from './DismissSheet'
import { ReplaySheet } from './ReplaySheet'
import { SubmissionCard } from './SubmissionCard'
import styles from './webhooks.module.css'

const STATES = ['quarantined', 'dismissed', 'accepted'] as const
type Shown = (typeof STATES)[number]

export function QuarantinePage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="submissions.read" title={t('quarantine.title')}>
      <Quarantine />
    </RequirePermission>
  )
}

interface Opened {
  submission: Submission
  sheet: 'replay' | 'dismiss'
  serial: number
}

function Quarantine() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [state, setState] = useState<Shown>('quarantined')
  const [opened, setOpened] = useState<Opened | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const submissions = useInfiniteQuery(submissionsQuery(state))
  const items = submissions.data?.pages.flatMap((page) => page.items) ?? []
  const open = (submission: Submission, sheet: Opened['sheet']): void => {
    setOpened((before) => ({ submission, sheet, serial: (before?.serial ?? 0) + 1 }))
    setIsOpen(true)
  }
  const Opened = opened?.sheet === 'replay' ? ReplaySheet : DismissSheet
  return (
    <Page
      title={t('quarantine.title')}
      subtitle={t('quarantine.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      <div className={styles.filter}>
        <ChoiceGrid
          size="chip"
          name="submission-state"
          label={t('quarantine.filter')}
          value={state}
          onChange={(next) => setState(STATES.find((known) => known === next) ?? 'quarantined')}
          choices={STATES.map((value) => ({ value, label: t(`quarantine.states.${value}`) }))}
        />
      </div>
      {submissions.isPending && <CardSkeletons count={3} />}
      {submissions.isError && items.length === 0 && (
        <ErrorState error={submissions.error} onRetry={() => void submissions.refetch()} />
      )}
      {submissions.data && items.length === 0 && (
        <EmptyState
          icon={<SafetyCertificateOutlined aria-hidden />}
          title={state === 'quarantined' ? t('quarantine.emptyTitle') : t('quarantine.emptyOther')}
          text={state === 'quarantined' ? t('quarantine.emptyText') : undefined}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((submission) => (
              <SubmissionCard
                key={submission.id}
                submission={submission}
                onReplay={() => open(submission, 'replay')}
                onDismiss={() => open(submission, 'dismiss')}
              />
            ))}
          </ul>
          <LoadMore {...submissions} />
        </>
      )}
      {opened && (
        <Opened key={opened.serial} submission={opened.submission} open={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Page>
  )
}
