import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { leadChanged, protect } from '@/api/leads'
import type { Lead } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'

/** Keeps a lead out of the pool, with a reason. */
export function ProtectSheet({ lead, open, onClose }: { lead: Lead; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason: string }>()
  const save = useMutation({
    mutationFn: ({ reason }: { reason: string }) => protect(lead.id, lead.version, true, reason.trim()),
    onSuccess: () => {
      void message.success(t('pool.protectDone'))
      onClose()
    },
    onError: (error) => showProblem(form, message, t, error),
    onSettled: () => leadChanged(client),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('pool.protectTitle')}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('pool.protectSubmit')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <p style={{ marginBottom: 16 }}>{t('pool.protectText')}</p>
        <Form.Item
          name="reason"
          label={t('pool.protectReason')}
          rules={[{ required: true, whitespace: true, message: t('pool.protectReasonRequired') }]}
          style={{ marginBottom: 0 }}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
