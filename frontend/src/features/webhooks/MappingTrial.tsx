import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LeadPreview, Submission } from '@/api/types'
import { ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { useDebounced } from '@/lib/debounced'
import { serverNow } from '@/lib/serverClock'
import { formatMoment } from '@/lib/time'
import { recentOfFormQuery, trialQuery } from './api'
import { Faults } from './Faults'
import { targetWords } from './faultWords'
import styles from './webhooks.module.css'

interface Props {
  formId: string | null
  mapping: Record<string, unknown>
  tokenMember: string
}

/** A payload beside the lead that it would become, as one types; nothing is stored. */
export function MappingTrial({ formId, mapping, tokenMember }: Props) {
  const { t } = useTranslation()
  const [payload, setPayload] = useState('')
  const tried = useQuery(trialQuery(useDebounced({ mapping, payload, token_member: tokenMember })))
  return (
    <section className={styles.trial}>
      <div>
        <h3>{t('mapping.trialTitle')}</h3>
        {formId && <RecentPayloads formId={formId} onPick={setPayload} />}
        <Input.TextArea
          aria-label={t('mapping.payload')}
          placeholder={t('mapping.payloadPlaceholder')}
          value={payload}
          maxLength={100_000}
          autoSize={{ minRows: 6, maxRows: 16 }}
          onChange={(event) => setPayload(event.target.value)}
        />
      </div>
      <div>
        <h3>{t('mapping.trialResult')}</h3>
        <div role="status">
          {!payload.trim() && <p className={styles.soft}>{t('mapping.trialHelp')}</p>}
          {payload.trim() && tried.isError && <ErrorState error={tried.error} onRetry={() => void tried.refetch()} />}
          {payload.trim() && tried.data && <TrialResult preview={tried.data} />}
        </div>
      </div>
    </section>
  )
}

function TrialResult({ preview }: { preview: LeadPreview }) {
  const { t } = useTranslation()
  const rows = [
    ...Object.entries(preview.fields).map(([name, value]) => [targetWords(t, name), value] as const),
    ...Object.entries(preview.custom).map(([name, value]) => [name, JSON.stringify(value)] as const),
  ]
  return (
    <>
      {preview.fits ? <p className={styles.fits}>{t('quarantine.fits')}</p> : <Faults faults={preview.faults} />}
      {preview.kept_beside.length > 0 && (
        <p className={styles.soft}>
          {t('mapping.keptBeside', {
            fields: preview.kept_beside.map(({ field }) => targetWords(t, field)).join(t('common.listSeparator')),
          })}
        </p>
      )}
      {preview.is_test && <p className={styles.soft}>{t('mapping.isTest')}</p>}
      <dl className={styles.raw}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function RecentPayloads({ formId, onPick }: { formId: string; onPick: (payload: string) => void }) {
  const { t, i18n } = useTranslation()
  const recent = useQuery(recentOfFormQuery(formId))
  const items = recent.data?.items ?? []
  const label = (one: Submission): string => {
    const at = formatMoment(one.received_at, serverNow(), asLanguage(i18n.language))
    return `${at} · ${t(`quarantine.states.${one.state}`)} · ${String(Object.values(one.payload)[0] ?? '')}`
  }
  return (
    <Select<string>
      style={{ width: '100%', marginBottom: 8 }}
      aria-label={t('mapping.pick')}
      placeholder={t('mapping.pick')}
      loading={recent.isPending}
      options={items.map((one) => ({ value: one.id, label: label(one) }))}
      onChange={(id) => onPick(JSON.stringify(items.find((one) => one.id === id)?.payload ?? {}, null, 2))}
    />
  )
}
