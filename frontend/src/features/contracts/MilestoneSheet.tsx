import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { addMilestone, changeMilestone } from '@/api/contracts'
import type { Contract, Milestone, MilestonePatch } from '@/api/types'
import { differing } from '@/components/customer/customerForm'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { serverNow } from '@/lib/serverClock'
import { dateOf } from '@/lib/time'
import { useContractSave } from './useContractSave'

interface Fields {
  title: string
  due_on: string
  done_on?: string | null
  reason?: string
}

interface Props extends Opening {
  contract: Contract
  /** None: a new one. */
  step?: Milestone | undefined
}

/** A step of the delivery: what it is, until when, since when it is done; another day needs a reason. */
export function MilestoneSheet({ contract, step, open, onClose }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Fields>()
  const before: Partial<Fields> = step ? { title: step.title, due_on: step.due_on, done_on: step.done_on } : {}
  const dueOn = Form.useWatch('due_on', form) ?? before.due_on
  const doneOn = Form.useWatch('done_on', form)
  const isMoved = step !== undefined && dueOn !== step.due_on
  const isReopened = Boolean(step?.done_on) && doneOn === ''
  const save = useContractSave<Fields & { is_cancelled?: true }>({
    form,
    use: 'contract.milestone',
    said: t('opportunity.saved'),
    send: ({ reason, is_cancelled, ...fields }) => {
      if (!step) return addMilestone(contract.id, { title: fields.title, due_on: fields.due_on }, contract.version)
      const patch: MilestonePatch = is_cancelled ? { is_cancelled } : differing(before, fields)
      return changeMilestone(contract.id, step.id, { ...patch, reason: reason?.trim() ?? '' }, contract.version)
    },
    onClose,
  })
  const cancel = async (): Promise<void> => {
    const reason = form.getFieldValue('reason') as string | undefined
    if (!reason?.trim()) {
      form.setFields([{ name: 'reason', errors: [t('board.whyNeeded')] }])
      form.scrollToField('reason', { focus: true })
      return
    }
    save.mutate({ ...form.getFieldsValue(), is_cancelled: true })
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={step ? t('contract.editMilestone', { milestone: step.title }) : t('contract.addMilestone')}
      keepsOnOutsideTap
      footer={
        <div style={{ display: 'flex', gap: 12 }}>
          {step && !step.done_on && (
            <Button size="large" danger loading={save.isPending} onClick={() => void cancel()}>
              {t('contract.cancelMilestone')}
            </Button>
          )}
          <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={before}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item
          name="title"
          label={t('contract.fields.milestone')}
          rules={[{ required: true, whitespace: true, message: t('contract.milestoneNeeded') }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="due_on"
          label={t('contract.fields.due_on')}
          rules={[{ required: true, message: t('contract.dayNeeded') }]}
        >
          <Input type="date" min={contract.signed_on ?? undefined} />
        </Form.Item>
        {step && (
          <>
            <Form.Item name="done_on" label={t('contract.fields.done_on')} extra={t('contract.doneHelp')}>
              <Input type="date" max={dateOf(serverNow())} />
            </Form.Item>
            <Form.Item
              name="reason"
              label={t('board.why')}
              extra={t('contract.reasonHelp')}
              rules={[{ required: isMoved || isReopened, whitespace: true, message: t('board.whyNeeded') }]}
              style={{ marginBottom: 0 }}
            >
              <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={500} />
            </Form.Item>
          </>
        )}
      </Form>
    </Sheet>
  )
}
