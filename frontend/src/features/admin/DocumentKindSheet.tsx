import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeDocumentKind, createDocumentKind, documentKindKeys } from '@/api/documents'
import type { DocumentKind } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'

interface Fields {
  key: string
  name_zh: string
  name_en: string
  max_megabytes: number
  is_active: boolean
}

const NEW: Fields = { key: '', name_zh: '', name_en: '', max_megabytes: 50, is_active: true }

/** A sort of document: its names, its limit, and whether it is in use. */
export function DocumentKindSheet({ kind, open, onClose }: { kind: DocumentKind | null } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const [version, setVersion] = useState(kind?.version ?? 1)
  const [theirs, setTheirs] = useState<DocumentKind | null>(null)
  const save = useMutation({
    mutationFn: ({ fields: { key: word, is_active, ...rest }, on }: { fields: Fields; on: number }) =>
      kind ? changeDocumentKind(kind.key, { ...rest, is_active }, on) : createDocumentKind({ key: word, ...rest }, key),
    onSuccess: () => {
      void message.success(t('common.saved'))
      onClose()
      return client.invalidateQueries({ queryKey: documentKindKeys.all })
    },
    onError: (error) => {
      const current = newerState<DocumentKind>(error)
      if (current) setTheirs(current)
      else showProblem(form, message, t, error)
    },
  })
  const rebase = (current: DocumentKind): DocumentKind => {
    setTheirs(null)
    setVersion(current.version)
    return current
  }
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={kind ? t('documentKinds.edit') : t('documentKinds.add')}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={kind ?? NEW}
        onFinish={(fields) => save.mutate({ fields, on: version })}
      >
        {theirs && (
          <StaleNotice
            onTakeTheirs={() => form.setFieldsValue(rebase(theirs))}
            onKeepMine={() => save.mutate({ fields: form.getFieldsValue(true), on: rebase(theirs).version })}
          />
        )}
        <Form.Item name="name_zh" label={t('documentKinds.nameZh')} rules={[required]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="name_en" label={t('documentKinds.nameEn')} rules={[required]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {!kind && (
          <Form.Item
            name="key"
            label={t('documentKinds.key')}
            extra={t('documentKinds.keyHelp')}
            rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,39}$/, message: t('documentKinds.keyHelp') }]}
          >
            <Input maxLength={40} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="max_megabytes" label={t('documentKinds.megabytes')} rules={[{ required: true }]}>
          <InputNumber min={1} max={2048} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        {kind && (
          <Form.Item
            name="is_active"
            label={t('documentKinds.isOn')}
            extra={t('documentKinds.offHelp')}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        )}
      </Form>
    </Sheet>
  )
}
