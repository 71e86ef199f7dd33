import { CloseOutlined } from '@ant-design/icons'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { type ComponentType, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BulkResult } from '@/api/types'
import { sayProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'
import styles from './BulkBar.module.css'
import { BulkResultSheet } from './BulkResultSheet'

/** What a sheet asks for, without the records that it is for. */
export type Asked<Body> = Body extends { ids: unknown } ? Omit<Body, 'ids'> : never

export interface BulkChoice<Body extends { action: string }> {
  action: Body['action']
  label: string
  icon: ReactNode
  /** Needs no words, so that it is done at once. */
  atOnce?: Asked<Body>
}

export interface BulkSheetProps<Body extends { action: string }> {
  action: Body['action'] | null
  count: number
  isSaving: boolean
  onClose: () => void
  onSubmit: (fields: Asked<Body>) => void
}

interface Props<Body extends { action: string; ids: string[] }> {
  /** What use of it is counted as. */
  feature: string
  chosen: { id: string; name: string }[]
  choices: BulkChoice<Body>[]
  Sheet: ComponentType<BulkSheetProps<Body>>
  change: (body: Body, key: string) => Promise<BulkResult>
  said: (action: Body['action'], count: number) => string
  changed: (client: QueryClient) => Promise<unknown>
  onDone: () => void
}

/** What can be done with all that is chosen. Each record is changed or refused by itself. */
export function BulkBar<Body extends { action: string; ids: string[] }>({
  feature,
  chosen,
  choices,
  Sheet,
  change,
  said,
  changed,
  onDone,
}: Props<Body>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [asking, setAsking] = useState<Body['action'] | null>(null)
  const [result, setResult] = useState<BulkResult | null>(null)
  const ids = chosen.map(({ id }) => id)
  const saving = useMutation({
    mutationFn: (asked: Asked<Body>) => change({ ...asked, ids } as unknown as Body, newKey()),
    onSuccess: async (answer, asked) => {
      const { action } = asked as unknown as Body
      noteUse(`${feature}.bulk_${action}`)
      setAsking(null)
      if (answer.refused > 0) setResult(answer)
      else {
        void message.success(said(action, answer.done))
        onDone()
      }
      await changed(client)
    },
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <section className={styles.bar} aria-label={t('bulk.title')}>
      <strong role="status">{t('bulk.chosen', { count: ids.length })}</strong>
      {choices.map(({ action, label, icon, atOnce }) => (
        <Button
          key={action}
          icon={icon}
          type={atOnce ? 'primary' : 'default'}
          loading={atOnce !== undefined && saving.isPending}
          onClick={() => (atOnce ? saving.mutate(atOnce) : setAsking(action))}
        >
          {label}
        </Button>
      ))}
      <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('bulk.clear')} onClick={onDone} />
      <Sheet
        action={asking}
        count={ids.length}
        isSaving={saving.isPending}
        onClose={() => setAsking(null)}
        onSubmit={(fields) => saving.mutate(fields)}
      />
      <BulkResultSheet
        result={result}
        name={(id) => chosen.find((one) => one.id === id)?.name ?? id}
        onClose={() => {
          setResult(null)
          onDone()
        }}
      />
    </section>
  )
}
