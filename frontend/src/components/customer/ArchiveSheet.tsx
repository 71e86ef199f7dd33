import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { archiveCustomer, customerChanged, restoreCustomer } from '@/api/customers'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import type { NamedCustomer } from './CustomerSheets'

/** Out of the lists or back into them, with a reason; nothing is ever deleted. */
export function ArchiveSheet({
  customer,
  restores,
  open,
  onClose,
}: { customer: NamedCustomer; restores: boolean } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason: string }>()
  const words = restores ? ('restore' as const) : ('archive' as const)
  const save = useMutation({
    mutationFn: ({ reason }: { reason: string }) =>
      (restores ? restoreCustomer : archiveCustomer)(customer.id, reason.trim()),
    onSuccess: async () => {
      void message.success(restores ? t('customer.restored') : t('customer.archived'))
      onClose()
      await customerChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t(`customer.${words}`)} · ${customer.name}`}
      footer={
        <Button
          type="primary"
          danger={!restores}
          size="large"
          block
          loading={save.isPending}
          onClick={() => form.submit()}
        >
          {t(`customer.${words}`)}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <p style={{ marginBottom: 16 }}>{t(`customer.${words}Text`)}</p>
        <Form.Item
          name="reason"
          label={t(`customer.${words}Reason`)}
          rules={[{ required: true, whitespace: true, message: t('customer.reasonNeeded') }]}
          style={{ marginBottom: 0 }}
        >
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 5 }}
            maxLength={200}
            placeholder={t(`customer.${words}ReasonHint`)}
          />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
