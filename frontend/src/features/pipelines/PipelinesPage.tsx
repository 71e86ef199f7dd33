import { PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pipelinesQuery } from '@/api/opportunities'
import type { Pipeline } from '@/api/types'
import { LinkButton } from '@/components/LinkButton'
import { stageName } from '@/components/opportunity/opportunityWords'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { makeDefault, pipelineChanged, setUse } from './api'
import { NewPipelineSheet } from './NewPipelineSheet'
import styles from './pipelines.module.css'

export function PipelinesPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="pipelines.manage" title={t('pipeline.title')}>
      <Pipelines />
    </RequirePermission>
  )
}

function Pipelines() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const pipelines = useQuery(pipelinesQuery)
  const items = pipelines.data?.items ?? []
  const [opened, setOpened] = useState(0)
  const [isOpen, setIsOpen] = useState(false)
  const add = (): void => {
    setOpened((serial) => serial + 1)
    setIsOpen(true)
  }
  return (
    <Page
      title={t('pipeline.title')}
      subtitle={isPhone ? undefined : t('pipeline.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        items.length > 0 && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} aria-label={t('pipeline.add')} onClick={add}>
            {isPhone ? null : t('pipeline.add')}
          </Button>
        )
      }
    >
      {pipelines.isPending && <CardSkeletons count={2} />}
      {pipelines.isError && !pipelines.data && (
        <ErrorState error={pipelines.error} onRetry={() => void pipelines.refetch()} />
      )}
      <ul className={styles.list}>
        {items.map((pipeline) => (
          <PipelineRow key={pipeline.id} pipeline={pipeline} />
        ))}
      </ul>
      {opened > 0 && <NewPipelineSheet key={opened} pipelines={items} open={isOpen} onClose={() => setIsOpen(false)} />}
    </Page>
  )
}

function PipelineRow({ pipeline }: { pipeline: Pipeline }) {
  const { t, i18n } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const language = asLanguage(i18n.language)
  const name = stageName(pipeline, language)
  const change = useMutation({
    mutationFn: ({ run }: { run: () => Promise<Pipeline>; said: string }) => run(),
    onSuccess: (_, { said }) => {
      void message.success(said)
      return pipelineChanged(client)
    },
    onError: (error) => {
      sayProblem(message, t, error)
      void pipelineChanged(client)
    },
  })
  const use = (isActive: boolean): void =>
    change.mutate({
      run: () => setUse(pipeline.id, isActive),
      said: t(isActive ? 'pipeline.enabled' : 'pipeline.disabled'),
    })
  const takeOut = (): void =>
    void modal.confirm({
      title: t('pipeline.disableAsk', { name }),
      content: t('pipeline.disableHelp'),
      okText: t('pipeline.disable'),
      onOk: () => use(false),
    })
  const stages = pipeline.stages.filter((stage) => stage.kind === 'open' && stage.is_active)
  return (
    <li className={styles.card}>
      <div className={styles.grow}>
        <h2 className={styles.head}>
          <span className={styles.name}>{name}</span>
          {pipeline.is_default && <span className={`${styles.status} ${styles.good}`}>{t('pipeline.isDefault')}</span>}
          {!pipeline.is_active && <span className={styles.status}>{t('pipeline.outOfUse')}</span>}
        </h2>
        <p className={styles.soft}>{stages.map((stage) => stageName(stage, language)).join(' → ')}</p>
      </div>
      <div className={styles.buttons}>
        {pipeline.is_active && !pipeline.is_default && (
          <>
            <Button
              loading={change.isPending}
              onClick={() =>
                change.mutate({ run: () => makeDefault(pipeline.id), said: t('pipeline.madeDefault', { name }) })
              }
            >
              {t('pipeline.makeDefault')}
            </Button>
            <Button disabled={change.isPending} onClick={takeOut}>
              {t('pipeline.disable')}
            </Button>
          </>
        )}
        {!pipeline.is_active && (
          <Button loading={change.isPending} onClick={() => use(true)}>
            {t('pipeline.enable')}
          </Button>
        )}
        <LinkButton
          to="/admin/pipelines/$pipelineId"
          params={{ pipelineId: pipeline.id }}
          aria-label={t('pipeline.open', { name })}
        >
          {t('common.edit')}
        </LinkButton>
      </div>
    </li>
  )
}
