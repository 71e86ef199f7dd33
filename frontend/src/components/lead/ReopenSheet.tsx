import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { leadChanged, reopen } from '@/api/leads'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'

export function ReopenSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ note: string }>()
  const save = useMutation({
    mutationFn: ({ note }: { note: string }) => reopen(lead.id, note.trim()),
    onSuccess: async () => {
      noteUse('lead.reopen')
      void message.success(t('reopen.done'))
      onClose()
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('reopen.open')} · ${leadName(t, lead)}`}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('reopen.submit')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <p style={{ marginBottom: 16 }}>
          {lead.owner ? t('reopen.text', { owner: lead.owner.name }) : t('reopen.textPool')}
        </p>
        <Form.Item
          name="note"
          label={t('reopen.note')}
          rules={[{ required: true, whitespace: true, message: t('reopen.noteRequired') }]}
          style={{ marginBottom: 0 }}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
