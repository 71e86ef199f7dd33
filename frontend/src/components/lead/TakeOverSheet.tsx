import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { leadChanged, takeOver } from '@/api/leads'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'

export function TakeOverSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason?: string }>()
  const save = useMutation({
    mutationFn: (fields: { reason?: string }) => takeOver(lead.id, fields.reason?.trim() ?? ''),
    onSuccess: async () => {
      noteUse('lead.take_over')
      void message.success(t('takeOver.done'))
      onClose()
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('takeOver.title')} · ${leadName(t, lead)}`}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('takeOver.submit')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={(fields) => save.mutate(fields)}>
        <p style={{ marginBottom: 16 }}>
          {lead.owner ? t('takeOver.text', { owner: lead.owner.name }) : t('takeOver.textNoOwner')}
        </p>
        <Form.Item
          name="reason"
          label={`${t('takeOver.reason')} (${t('common.optional')})`}
          style={{ marginBottom: 0 }}
        >
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 5 }}
            maxLength={500}
            placeholder={t('takeOver.reasonPlaceholder')}
          />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
