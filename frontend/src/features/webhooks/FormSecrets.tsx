import { KeyOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form, FormSecret, SecretKind } from '@/api/types'
import { CopyButton } from '@/components/CopyButton'
import { Moment } from '@/components/Moment'
import { CardSkeletons, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { endSecret, formKeys, rotateSecret, secretsQuery } from './api'
import styles from './webhooks.module.css'

const OVERLAPS = [0, 1, 24, 72, 168] as const

export function FormSecrets({ form }: { form: Form }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const secrets = useQuery(secretsQuery(form.id))
  const [overlap, setOverlap] = useState<number>(24)
  const kind: SecretKind = form.verification.by === 'token' ? 'token' : 'signature'
  const rotate = useMutation({
    mutationFn: () => rotateSecret(form.id, kind, overlap),
    onSuccess: () => client.invalidateQueries({ queryKey: [...formKeys.all, form.id, 'secrets'] }),
    onError: (error) => sayProblem(message, t, error),
  })
  if (secrets.isPending) return <CardSkeletons count={2} />
  if (secrets.isError) return <ErrorState error={secrets.error} onRetry={() => void secrets.refetch()} />
  const items = secrets.data.items
  return (
    <>
      {rotate.data && (
        <Alert
          type="success"
          showIcon
          title={t('forms.secretOnce')}
          description={
            <>
              <code className={styles.code}>{rotate.data.secret}</code>
              <CopyButton text={rotate.data.secret} label={t('forms.copySecret')} />
            </>
          }
        />
      )}
      {items.length === 0 && <Alert type="warning" showIcon title={t('forms.noSecret')} />}
      <ul>
        {items.map((secret) => (
          <SecretRow key={secret.id} form={form} secret={secret} />
        ))}
      </ul>
      <div className={styles.actions}>
        {items.some((secret) => secret.is_live) && (
          <Select<number>
            aria-label={t('forms.overlap')}
            value={overlap}
            onChange={setOverlap}
            style={{ minWidth: 220 }}
            options={OVERLAPS.map((value) => ({
              value,
              label: value === 0 ? t('forms.overlapNone') : t('forms.overlapHours', { count: value }),
            }))}
          />
        )}
        <Button
          type="primary"
          icon={<KeyOutlined aria-hidden />}
          loading={rotate.isPending}
          onClick={() => rotate.mutate()}
        >
          {t('forms.newSecret')}
        </Button>
      </div>
    </>
  )
}

function SecretRow({ form, secret }: { form: Form; secret: FormSecret }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: () => endSecret(form.id, secret.id),
    onSuccess: () => void message.success(t('forms.secretEnded')),
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => client.invalidateQueries({ queryKey: [...formKeys.all, form.id, 'secrets'] }),
  })
  const ask = (): void => {
    modal.confirm({
      title: t('forms.endAsk'),
      content: t('forms.endHelp'),
      okText: t('forms.end'),
      onOk: () => end.mutate(),
    })
  }
  return (
    <li className={styles.secret}>
      <span>
        <code>…{secret.hint}</code>{' '}
        <span className={`${styles.status} ${secret.is_live ? styles.live : ''}`}>
          {secret.is_live ? t('forms.secretLive') : t('forms.secretOver')}
        </span>
        <span className={styles.soft} style={{ display: 'block' }}>
          {t(`forms.${secret.kind}`)} · {t('forms.secretSince')} <Moment at={secret.created_at} />
          {secret.valid_until && (
            <>
              {' · '}
              {t('forms.secretUntil')} <Moment at={secret.valid_until} />
            </>
          )}
        </span>
      </span>
      {secret.is_live && (
        <Button danger onClick={ask}>
          {t('forms.end')}
        </Button>
      )}
    </li>
  )
}
