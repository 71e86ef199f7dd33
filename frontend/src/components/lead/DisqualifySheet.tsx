import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { disqualify, leadChanged } from '@/api/leads'
import type { Disqualification } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import { DisqualifyFields } from './DisqualifyFields'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'

export function DisqualifySheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Disqualification>()
  const save = useMutation({
    mutationFn: (fields: Disqualification) => disqualify(lead.id, fields),
    onSuccess: async () => {
      noteUse('lead.disqualify')
      void message.success(t('disqualify.done'))
      onClose()
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('disqualify.open')} · ${leadName(t, lead)}`}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('disqualify.submit')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <DisqualifyFields />
      </Form>
    </Sheet>
  )
}
