import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { completeContract } from '@/api/contracts'
import type { Contract } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { serverNow } from '@/lib/serverClock'
import { dateOf } from '@/lib/time'
import { useContractSave } from './useContractSave'

/** Delivered and accepted. */
export function CompleteSheet({ contract, open, onClose }: { contract: Contract } & Opening) {
  const { t } = useTranslation()
  const [form] = Form.useForm<{ completed_on: string }>()
  const save = useContractSave<{ completed_on: string }>({
    form,
    use: 'contract.complete',
    said: t('contract.completed'),
    send: ({ completed_on }) => completeContract(contract.id, completed_on, contract.version),
    onClose,
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('contract.complete')}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('contract.complete')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ completed_on: dateOf(serverNow()) }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item
          name="completed_on"
          label={t('contract.fields.completed_on')}
          extra={t('contract.completeHelp')}
          rules={[{ required: true, message: t('contract.dayNeeded') }]}
          style={{ marginBottom: 0 }}
        >
          <Input type="date" min={contract.signed_on ?? undefined} max={dateOf(serverNow())} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
