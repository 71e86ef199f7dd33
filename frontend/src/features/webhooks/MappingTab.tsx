import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { Form } from '@/api/types'
import { Moment } from '@/components/Moment'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { sayProblem } from '@/lib/formProblem'
import { changeForm, formKeys, mappingsQuery } from './api'
import { Faults } from './Faults'
import { MappingTable } from './MappingTable'
import { MappingTrial } from './MappingTrial'
import { type MappingRow, toMapping, toRows } from './mappingRows'
import styles from './webhooks.module.css'

interface Props {
  form: Form
  version: number
  onVersion: (version: number) => void
}

export function MappingTab({ form, version, onVersion }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [rows, setRows] = useState<MappingRow[]>(() => toRows(form.mapping))
  const [theirs, setTheirs] = useState<Form | null>(null)
  const mapping = toMapping(rows)
  const save = useMutation({
    mutationFn: (on: number) => changeForm(form.id, { mapping }, on),
    onSuccess: (saved) => {
      void message.success(t('mapping.saved'))
      onVersion(saved.version)
      return client.invalidateQueries({ queryKey: formKeys.all })
    },
    onError: (error) => {
      const current = newerState<Form>(error)
      if (current) setTheirs(current)
      else if (!(error instanceof ApiProblem && error.code === 'invalid_mapping')) sayProblem(message, t, error)
    },
  })
  const rebase = (current: Form): Form => {
    setTheirs(null)
    onVersion(current.version)
    return current
  }
  const wrong = save.error instanceof ApiProblem && save.error.code === 'invalid_mapping' ? save.error.errors : []
  const asFault = ({ pointer, code, detail }: (typeof wrong)[number]) => ({
    code,
    field: pointer.replace('#/mapping/', ''),
    detail,
  })
  return (
    <>
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => setRows(toRows(rebase(theirs).mapping))}
          onKeepMine={() => save.mutate(rebase(theirs).version)}
        />
      )}
      <p className={styles.soft} style={{ marginBottom: 12 }}>
        {t('mapping.help')}
      </p>
      <MappingTable rows={rows} onChange={setRows} />
      {wrong.length > 0 && <Faults faults={wrong.map(asFault)} />}
      <MappingTrial formId={form.id} mapping={mapping} tokenMember={String(form.verification.member ?? '')} />
      <FormerMappings formId={form.id} onTake={(former) => setRows(toRows(former))} />
      <div className={styles.foot}>
        <Button
          type="primary"
          size="large"
          loading={save.isPending}
          disabled={theirs !== null}
          onClick={() => save.mutate(version)}
        >
          {t('mapping.save')}
        </Button>
      </div>
    </>
  )
}

function FormerMappings({ formId, onTake }: { formId: string; onTake: (mapping: Record<string, unknown>) => void }) {
  const { t } = useTranslation()
  const former = useQuery(mappingsQuery(formId))
  const items = former.data?.items ?? []
  const [taken, setTaken] = useState<number | null>(null)
  if (items.length === 0) return null
  return (
    <section style={{ marginTop: 20 }}>
      <h3 className={styles.name}>{t('mapping.history')}</h3>
      {taken !== null && <Alert type="info" showIcon title={t('mapping.taken', { version: taken })} />}
      <ul>
        {items.map(({ version, mapping, replaced_at, replaced_by }) => (
          <li key={version} className={styles.secret}>
            <span>
              {t('mapping.version', { version, count: Object.keys(mapping).length })}
              <span className={styles.soft}>
                {' · '}
                {t('mapping.replaced', { name: replaced_by.name })} <Moment at={replaced_at} />
              </span>
            </span>
            <Button
              onClick={() => {
                setTaken(version)
                onTake(mapping)
              }}
            >
              {t('mapping.take')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
