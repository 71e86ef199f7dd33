import { CloseOutlined, DownloadOutlined, StopOutlined, SwapOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLeads, leadChanged } from '@/api/leads'
import type { BulkAction, BulkResult, LeadCard } from '@/api/types'
import { leadName } from '@/components/lead/leadWords'
import styles from '@/components/list/BulkBar.module.css'
import { BulkResultSheet } from '@/components/list/BulkResultSheet'
import { sayProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { may, useMe } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import { BulkSheet } from './BulkSheet'

interface Props {
  leads: LeadCard[]
  onDone: () => void
}

/** What can be done with all that is chosen. Each lead is changed or refused by itself. */
export function BulkBar({ leads, onDone }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const [sheet, setSheet] = useState<'assign' | 'disqualify' | null>(null)
  const [result, setResult] = useState<BulkResult | null>(null)
  const ids = leads.map((lead) => lead.id)
  const change = useMutation({
    mutationFn: (body: BulkAction) => changeLeads(body, newKey()),
    onSuccess: async (answer, body) => {
      noteUse(`leads.bulk_${body.action}`)
      setSheet(null)
      if (answer.refused > 0) setResult(answer)
      else {
        void message.success(t('bulk.done', { count: answer.done }))
        onDone()
      }
      await leadChanged(client)
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const isPool = leads.every((lead) => lead.owner === null && lead.state === 'new')
  return (
    <section className={styles.bar} aria-label={t('bulk.title')}>
      <strong role="status">{t('bulk.chosen', { count: leads.length })}</strong>
      {may(me, 'lead.claim') && isPool && (
        <Button
          type="primary"
          icon={<DownloadOutlined aria-hidden />}
          loading={change.isPending}
          onClick={() => change.mutate({ action: 'claim', ids })}
        >
          {t('claim.open')}
        </Button>
      )}
      {may(me, 'lead.reassign') && (
        <Button icon={<SwapOutlined aria-hidden />} onClick={() => setSheet('assign')}>
          {t('bulk.assign')}
        </Button>
      )}
      {may(me, 'lead.disqualify') && (
        <Button icon={<StopOutlined aria-hidden />} onClick={() => setSheet('disqualify')}>
          {t('disqualify.open')}
        </Button>
      )}
      <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('bulk.clear')} onClick={onDone} />
      <BulkSheet
        kind={sheet}
        count={ids.length}
        isSaving={change.isPending}
        onClose={() => setSheet(null)}
        onSubmit={(fields) => change.mutate({ ...fields, ids })}
      />
      <BulkResultSheet
        result={result}
        name={(id) => {
          const lead = leads.find((one) => one.id === id)
          return lead ? leadName(t, lead) : id
        }}
        onClose={() => {
          setResult(null)
          onDone()
        }}
      />
    </section>
  )
}
