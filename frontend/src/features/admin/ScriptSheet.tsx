import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select, Switch, Tabs } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScriptFields, ScriptTemplate } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { Sheet } from '@/components/Sheet'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { useDebounced } from '@/lib/debounced'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import styles from './settings.module.css'
import { changeScript, createScript, recentLeadsQuery, scriptKeys, scriptPreviewQuery } from './settingsApi'

interface Props {
  /** Null: a new script. */
  script: ScriptTemplate | null
  variables: string[]
  open: boolean
  onClose: () => void
}

const SOURCES = ['website', 'exhibition', 'search_ads', 'partner', 'phone', 'referral', 'wechat', 'manual', 'other']
const TABLES = ['script_template'] as const

export function ScriptSheet({ script, variables, open, onClose }: Props) {
  const { t } = useTranslation()
  const form = <ScriptForm script={script} variables={variables} onDone={onClose} />
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={script ? t('scripts.edit') : t('scripts.add')}
      phoneHeight="full"
      width={680}
      keepsOnOutsideTap
    >
      {script ? (
        <Tabs
          items={[
            { key: 'form', label: t('scripts.tabText'), children: form },
            { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={script.id} /> },
          ]}
        />
      ) : (
        form
      )}
    </Sheet>
  )
}

type Fields = Required<ScriptFields>

function toFields(script: ScriptTemplate | null): Fields {
  if (!script) return { title: '', body: '', source: null, product_line: null, is_active: true }
  const { title, body, source, product_line, is_active } = script
  return { title, body, source, product_line, is_active }
}

function ScriptForm({
  script,
  variables,
  onDone,
}: {
  script: ScriptTemplate | null
  variables: string[]
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const [version, setVersion] = useState(script?.version ?? 1)
  const [theirs, setTheirs] = useState<ScriptTemplate | null>(null)
  const area = useRef<TextAreaRef>(null)
  const body: string = Form.useWatch('body', form) ?? ''
  const save = useMutation({
    mutationFn: ({ fields, on }: { fields: Fields; on: number }) => {
      const sent = { ...fields, source: fields.source ?? null, product_line: fields.product_line ?? null }
      return script ? changeScript(script.id, sent, on) : createScript(sent, key)
    },
    onSuccess: () => {
      void message.success(t('common.saved'))
      onDone()
      return client.invalidateQueries({ queryKey: scriptKeys.all })
    },
    onError: (error) => {
      const current = newerState<ScriptTemplate>(error)
      if (current) setTheirs(current)
      else showProblem(form, message, t, error)
    },
  })
  const rebase = (current: ScriptTemplate): ScriptTemplate => {
    setTheirs(null)
    setVersion(current.version)
    return current
  }
  const insert = (name: string): void => {
    // Not `body`, which a render brings: what was typed a moment ago would be lost.
    const written: string = form.getFieldValue('body') ?? ''
    const field = area.current?.resizableTextArea?.textArea
    const at = field?.selectionStart ?? written.length
    form.setFieldValue('body', `${written.slice(0, at)}{${name}}${written.slice(field?.selectionEnd ?? at)}`)
    field?.focus()
  }
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toFields(script)}
      onFinish={(fields) => save.mutate({ fields, on: version })}
    >
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => form.setFieldsValue(toFields(rebase(theirs)))}
          onKeepMine={() => save.mutate({ fields: form.getFieldsValue(true), on: rebase(theirs).version })}
        />
      )}
      <Form.Item name="title" label={t('scripts.name')} rules={[required]}>
        <Input maxLength={200} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="source" label={t('lead.source')}>
          <Select
            allowClear
            placeholder={t('scripts.allSources')}
            options={SOURCES.map((value) => ({ value, label: sourceWords(t, value) }))}
          />
        </Form.Item>
        <Form.Item name="product_line" label={t('lead.productLine')}>
          <Input allowClear maxLength={100} placeholder={t('scripts.allLines')} />
        </Form.Item>
      </div>
      <Form.Item name="body" label={t('scripts.body')} rules={[required]}>
        <Input.TextArea ref={area} maxLength={5000} autoSize={{ minRows: 6, maxRows: 14 }} />
      </Form.Item>
      <fieldset className={styles.palette} style={{ border: 0, padding: 0, margin: '0 0 16px' }}>
        <legend className={styles.label}>{t('scripts.variables')}</legend>
        {variables.map((name) => (
          <Button key={name} size="small" onClick={() => insert(name)}>
            {t(`scripts.variable.${name as 'company'}`)}
          </Button>
        ))}
      </fieldset>
      <ScriptPreview body={body} />
      <Form.Item name="is_active" label={t('scripts.isOn')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending} disabled={theirs !== null}>
          {script ? t('common.save') : t('scripts.add')}
        </Button>
      </div>
    </Form>
  )
}

/** The words as they would be shown for a lead that is really there. */
function ScriptPreview({ body }: { body: string }) {
  const { t } = useTranslation()
  const leads = useQuery(recentLeadsQuery)
  const items = leads.data?.items ?? []
  const [chosen, setChosen] = useState<string>()
  const leadId = chosen ?? items[0]?.id ?? ''
  const preview = useQuery(scriptPreviewQuery(useDebounced(body), leadId))
  return (
    <div style={{ marginBottom: 18 }}>
      <Form.Item label={t('scripts.previewOn')} htmlFor="script-lead" style={{ marginBottom: 0 }}>
        <Select<string>
          id="script-lead"
          value={leadId || null}
          placeholder={t('scripts.noLead')}
          onChange={setChosen}
          options={items.map((lead) => ({ value: lead.id, label: `${lead.number} · ${leadName(t, lead)}` }))}
        />
      </Form.Item>
      <div className={styles.preview} role="status">
        {preview.data?.body ?? t('scripts.previewHelp')}
        {preview.data && preview.data.unknown.length > 0 && (
          <p className={styles.soft}>
            {t('scripts.unknown', { names: preview.data.unknown.join(t('common.listSeparator')) })}
          </p>
        )}
      </div>
    </div>
  )
}
