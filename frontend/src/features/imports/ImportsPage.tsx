import { FileExcelOutlined, UploadOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Segmented, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportCard } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { may, useMe } from '@/lib/session'
import { importKeys, importsQuery, type Register, uploadImport } from './api'
import styles from './imports.module.css'
import { outcomeLine } from './outcome'
import { StateTag } from './StateTag'
import { TakeTemplate } from './TakeTemplate'

export function ImportsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="import.run" title={t('imports.title')}>
      <Imports />
    </RequirePermission>
  )
}

function Imports() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const runs = useInfiniteQuery(importsQuery)
  const items = runs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('imports.title')}
      subtitle={isPhone ? undefined : t('imports.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      <NewImport />
      <h2 className={styles.part}>{t('imports.earlierRuns')}</h2>
      {runs.isPending && <CardSkeletons count={3} />}
      {runs.isError && items.length === 0 && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data && items.length === 0 && (
        <EmptyState
          icon={<FileExcelOutlined aria-hidden />}
          title={t('imports.emptyTitle')}
          text={t('imports.emptyText')}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((run) => (
              <RunItem key={run.id} run={run} />
            ))}
          </ul>
          <LoadMore {...runs} />
        </>
      )}
    </Page>
  )
}

/** What one may import is known without asking, so that nothing moves when the answer comes. */
const REGISTERS: { key: Register; needs: string }[] = [
  { key: 'leads', needs: 'lead.create' },
  { key: 'customers', needs: 'customer.create' },
  { key: 'products', needs: 'catalogue.edit' },
]

function NewImport() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const upload = useMutation({
    mutationFn: uploadImport,
    onSuccess: (run) => {
      client.setQueryData(importKeys.one(run.id), run)
      void navigate({ to: '/imports/$runId', params: { runId: run.id } })
      return client.invalidateQueries({ queryKey: importKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const [chosen, setChosen] = useState<Register>('leads')
  const me = useMe()
  const registers = REGISTERS.filter(({ needs }) => may(me, needs)).map(({ key }) => key)
  const target = registers.includes(chosen) ? chosen : (registers[0] ?? chosen)
  return (
    <>
      {registers.length > 1 && (
        <Segmented<Register>
          block
          className={styles.registers}
          aria-label={t('imports.what')}
          value={target}
          onChange={setChosen}
          options={registers.map((value) => ({ value, label: t(`imports.registers.${value}`) }))}
        />
      )}
      <Upload.Dragger
        accept=".xlsx,.xls,.csv,.txt"
        showUploadList={false}
        disabled={upload.isPending}
        beforeUpload={(file) => {
          upload.mutate({ file, target })
          return false
        }}
      >
        <span className={styles.dropIcon} aria-hidden>
          <UploadOutlined spin={upload.isPending} />
        </span>
        <p className={styles.dropTitle}>{upload.isPending ? t('imports.uploading') : t('imports.choose')}</p>
        <p className={styles.soft}>{t('imports.chooseHelp')}</p>
      </Upload.Dragger>
      <TakeTemplate target={target} />
    </>
  )
}

function RunItem({ run }: { run: ImportCard }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        <Link to="/imports/$runId" params={{ runId: run.id }} className={styles.name}>
          {run.file_name}
        </Link>
        <p className={styles.soft}>
          {t(`imports.registers.${run.target as Register}`)} ·{' '}
          {run.person.id === me.id ? null : `${run.person.name} · `}
          <Moment at={run.created_at} />
          {outcomeLine(t, run) && ` · ${outcomeLine(t, run)}`}
        </p>
      </div>
      <StateTag state={run.state} />
    </li>
  )
}
