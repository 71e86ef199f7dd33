import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Pipeline } from '@/api/types'
import { stageName } from '@/components/opportunity/opportunityWords'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { asLanguage } from '@/i18n/i18n'
import { showProblem } from '@/lib/formProblem'
import { createPipeline, pipelineChanged } from './api'
import { toDocument } from './document'

interface Fields {
  name_zh: string
  name_en: string
  source: string
}

/** A further kind of business begins as a copy: a pipeline from nothing would have to be thought of whole. */
export function NewPipelineSheet({ pipelines, open, onClose }: { pipelines: Pipeline[] } & Opening) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: ({ source, ...names }: Fields) => {
      const copied = pipelines.find(({ id }) => id === source)
      const stages = copied ? toDocument(copied).stages.filter((stage) => stage.is_active) : []
      return createPipeline({ ...names, stages })
    },
    onSuccess: async (made) => {
      void message.success(t('pipeline.added'))
      await pipelineChanged(client)
      void navigate({ to: '/admin/pipelines/$pipelineId', params: { pipelineId: made.id } })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('pipeline.add')}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('pipeline.created')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ source: pipelines[0]?.id }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <p style={{ marginBottom: 16 }}>{t('pipeline.addHelp')}</p>
        <Form.Item name="name_zh" label={t('pipeline.nameZh')} rules={[required]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="name_en" label={t('pipeline.nameEn')} rules={[required]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="source" label={t('pipeline.copyOf')} style={{ marginBottom: 0 }}>
          <Select
            options={pipelines.map((one) => ({ value: one.id, label: stageName(one, asLanguage(i18n.language)) }))}
          />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
