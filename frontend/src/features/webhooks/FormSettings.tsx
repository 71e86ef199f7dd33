import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form as AntForm, App, Button, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form } from '@/api/types'
import { sourceWords } from '@/components/lead/leadWords'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { changeForm, createForm, formKeys } from './api'
import { ANSWERS, type FormFields, SOURCES, toBody, toFields } from './formFields'
import styles from './webhooks.module.css'

interface Props {
  form: Form | null
  version?: number
  onVersion?: (version: number) => void
  onMade?: (form: Form) => void
}

export function FormSettings({ form, version = 1, onVersion, onMade }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [fields] = AntForm.useForm<FormFields>()
  const [key] = useState(newKey)
  const [theirs, setTheirs] = useState<Form | null>(null)
  const by = AntForm.useWatch('by', fields)
  const save = useMutation({
    mutationFn: ({ body, on }: { body: FormFields; on: number }) =>
      form ? changeForm(form.id, toBody(body), on) : createForm({ ...toBody(body), mapping: {} }, key),
    onSuccess: (saved) => {
      void message.success(t('common.saved'))
      onVersion?.(saved.version)
      onMade?.(saved)
      return client.invalidateQueries({ queryKey: formKeys.all })
    },
    onError: (error) => {
      const current = newerState<Form>(error)
      if (current) setTheirs(current)
      else showProblem(fields, message, t, error)
    },
  })
  const rebase = (current: Form): Form => {
    setTheirs(null)
    onVersion?.(current.version)
    return current
  }
  const required = { required: true, message: t('people.required') }
  return (
    <AntForm
      form={fields}
      layout="vertical"
      initialValues={toFields(form)}
      onFinish={(body) => save.mutate({ body, on: version })}
    >
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => fields.setFieldsValue(toFields(rebase(theirs)))}
          onKeepMine={() => save.mutate({ body: fields.getFieldsValue(true), on: rebase(theirs).version })}
        />
      )}
      <div className={styles.pair}>
        <AntForm.Item name="name" label={t('forms.name')} rules={[required]}>
          <Input maxLength={200} />
        </AntForm.Item>
        <AntForm.Item
          name="key"
          label={t('forms.key')}
          extra={t('forms.keyHelp')}
          rules={[required, { pattern: /^[a-z0-9][a-z0-9_-]{0,60}$/, message: t('field.string_pattern_mismatch') }]}
        >
          <Input maxLength={61} autoCapitalize="none" spellCheck={false} />
        </AntForm.Item>
        <AntForm.Item name="source" label={t('lead.source')} rules={[required]}>
          <Select options={SOURCES.map((value) => ({ value, label: sourceWords(t, value) }))} />
        </AntForm.Item>
        <AntForm.Item name="rate_per_minute" label={t('forms.rate')} rules={[required]}>
          <InputNumber min={1} max={100_000} precision={0} style={{ width: '100%' }} />
        </AntForm.Item>
        <AntForm.Item
          name="by"
          label={t('forms.proof')}
          extra={t(by === 'token' ? 'forms.tokenHelp' : 'forms.signatureHelp')}
        >
          <Select
            options={[
              { value: 'signature', label: t('forms.signature') },
              { value: 'token', label: t('forms.token') },
            ]}
          />
        </AntForm.Item>
        {by === 'token' && (
          <AntForm.Item name="member" label={t('forms.member')} extra={t('forms.memberHelp')}>
            <Input maxLength={100} autoCapitalize="none" spellCheck={false} />
          </AntForm.Item>
        )}
        <AntForm.Item name="answer_style" label={t('forms.answer')} extra={t('forms.answerHelp')}>
          <Select options={ANSWERS.map((value) => ({ value, label: t(`forms.answers.${value}`) }))} />
        </AntForm.Item>
      </div>
      <AntForm.Item name="allowed_origins" label={t('forms.origins')} extra={t('forms.originsHelp')}>
        <Select mode="tags" open={false} suffixIcon={null} placeholder="https://www.example.cn" />
      </AntForm.Item>
      <AntForm.Item name="is_active" label={t('forms.takes')} valuePropName="checked">
        <Switch />
      </AntForm.Item>
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending} disabled={theirs !== null}>
          {form ? t('common.save') : t('forms.add')}
        </Button>
      </div>
    </AntForm>
  )
}
