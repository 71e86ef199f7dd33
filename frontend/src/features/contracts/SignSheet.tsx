import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { signContract } from '@/api/contracts'
import type { Contract, Signature } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { serverNow } from '@/lib/serverClock'
import { dateOf } from '@/lib/time'
import styles from './SignSheet.module.css'
import { useContractSave } from './useContractSave'

/** Signing: on which day, and what is promised by when; the pipeline's milestones stand there already. */
export function SignSheet({ contract, open, onClose }: { contract: Contract } & Opening) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Signature>()
  const save = useContractSave<Signature>({
    form,
    use: 'contract.sign',
    said: t('contract.signed'),
    send: (body) => signContract(contract.id, body, contract.version),
    onClose,
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('contract.sign')}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('contract.sign')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ signed_on: dateOf(serverNow()), milestones: contract.planned }}
        onFinish={({ signed_on, milestones }) => save.mutate({ signed_on, milestones: milestones ?? [] })}
      >
        <Form.Item
          name="signed_on"
          label={t('contract.fields.signed_on')}
          extra={t('contract.signHelp')}
          rules={[{ required: true, message: t('contract.dayNeeded') }]}
        >
          <Input type="date" max={dateOf(serverNow())} />
        </Form.Item>
        <h3 className={styles.part}>{t('contract.delivery')}</h3>
        <Form.List name="milestones">
          {(fields, { add, remove }) => (
            <>
              {fields.map(({ key, name }) => (
                <div key={key} className={styles.row}>
                  <Form.Item
                    name={[name, 'title']}
                    rules={[{ required: true, whitespace: true, message: t('contract.milestoneNeeded') }]}
                  >
                    <Input aria-label={t('contract.fields.milestone')} maxLength={200} />
                  </Form.Item>
                  <Form.Item name={[name, 'due_on']} rules={[{ required: true, message: t('contract.dayNeeded') }]}>
                    <Input type="date" aria-label={t('contract.fields.due_on')} />
                  </Form.Item>
                  <Button
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={t('contract.leaveOut')}
                    onClick={() => remove(name)}
                  />
                </div>
              ))}
              <Button block icon={<PlusOutlined aria-hidden />} onClick={() => add({ title: '', due_on: undefined })}>
                {t('contract.addMilestone')}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
    </Sheet>
  )
}
