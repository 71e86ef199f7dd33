import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeContract } from '@/api/contracts'
import type { Contract, ContractPatch } from '@/api/types'
import { differing } from '@/components/customer/customerForm'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { isAmount } from '@/lib/money'
import { may, useMe } from '@/lib/session'
import { useContractSave } from './useContractSave'

const NAMES = ['title', 'reference', 'amount', 'note'] as const
type Fields = Partial<Record<(typeof NAMES)[number], string | null>>

const fieldsOf = (contract: Contract): Fields => Object.fromEntries(NAMES.map((name) => [name, contract[name]]))

export function EditContractSheet({ contract, open, onClose }: { contract: Contract } & Opening) {
  const { t } = useTranslation()
  const me = useMe()
  const [form] = Form.useForm<Fields>()
  const save = useContractSave<ContractPatch>({
    form,
    use: 'contract.change',
    said: t('opportunity.saved'),
    send: (patch) => changeContract(contract.id, patch, contract.version),
    onClose,
  })
  const submit = (fields: Fields): void => {
    const patch = differing(fieldsOf(contract), fields) as ContractPatch
    if (Object.keys(patch).length > 0) save.mutate(patch)
    else onClose()
  }
  const checkAmount = async (_: unknown, value?: string | null): Promise<void> => {
    if (!value || !isAmount(value.trim())) throw new Error(t('quick.amountInvalid'))
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('contract.edit')}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={fieldsOf(contract)} onFinish={submit}>
        <Form.Item
          name="title"
          label={t('contract.fields.title')}
          rules={[{ required: true, whitespace: true, message: t('contract.titleNeeded') }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="reference" label={t('contract.fields.reference')} extra={t('contract.referenceHelp')}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {may(me, 'contract.amount') && (
          <Form.Item name="amount" label={t('contract.fields.amount')} rules={[{ validator: checkAmount }]}>
            <Input inputMode="decimal" autoComplete="off" suffix={contract.currency ?? 'CNY'} maxLength={20} />
          </Form.Item>
        )}
        <Form.Item name="note" label={t('contract.fields.note')} style={{ marginBottom: 0 }}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={5000} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
