import {
  CalendarOutlined,
  CheckOutlined,
  CloseCircleOutlined,
  PhoneOutlined,
  QuestionCircleOutlined,
  StarOutlined,
} from '@ant-design/icons'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Segmented } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FollowUpCreate } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { serverNow } from '@/lib/serverClock'
import { tomorrowMorning, wallTimeToIso } from '@/lib/time'
import { noteUse } from '@/lib/usage'
import styles from './FollowUpSheet.module.css'
import { NextStepPicker } from './NextStepPicker'

const OUTCOMES = [
  { value: 'reached', icon: <CheckOutlined aria-hidden /> },
  { value: 'interested', icon: <StarOutlined aria-hidden /> },
  { value: 'callback', icon: <CalendarOutlined aria-hidden /> },
  { value: 'no_answer', icon: <PhoneOutlined aria-hidden rotate={135} /> },
  { value: 'not_interested', icon: <CloseCircleOutlined aria-hidden /> },
  { value: 'wrong_number', icon: <QuestionCircleOutlined aria-hidden /> },
] as const
const KINDS = ['call', 'message', 'visit', 'meeting', 'email'] as const
const TIMED = ['visit', 'meeting']
/** Nobody was spoken to: without a next step the lead would leave every list. */
const ASKS_AGAIN = ['callback', 'no_answer']

interface Fields {
  kind: FollowUpCreate['kind']
  outcome: FollowUpCreate['outcome']
  note?: string
  duration_minutes?: number | null
  next_step_at?: string | null
  next_step?: string
}

function toBody(fields: Fields): FollowUpCreate {
  const next = fields.next_step_at
  return {
    kind: fields.kind,
    outcome: fields.outcome,
    note: fields.note?.trim() ?? '',
    ...(fields.duration_minutes ? { duration_minutes: fields.duration_minutes } : {}),
    ...(next ? { next_step_at: wallTimeToIso(next), next_step: fields.next_step?.trim() ?? '' } : {}),
  }
}

interface Props extends Opening {
  /** Whom it is about. */
  name: string
  /** What is said once it is kept. */
  saved: string
  feature: string
  log: (body: FollowUpCreate, key: string) => Promise<unknown>
  changed: (client: QueryClient) => Promise<void>
}

/** A call, visit, meeting, message or e-mail with what came of it. */
export function FollowUpSheet({ name, saved, feature, log, changed, open, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const kind = Form.useWatch('kind', form)
  const nextAt = Form.useWatch('next_step_at', form)
  const hasChosenNext = useRef(false)
  const proposeNextStep = (edited: Partial<Fields>): void => {
    if ('next_step_at' in edited) hasChosenNext.current = true
    if (!edited.outcome || hasChosenNext.current) return
    form.setFieldsValue({
      next_step_at: ASKS_AGAIN.includes(edited.outcome) ? tomorrowMorning(serverNow()) : null,
    })
  }
  const save = useMutation({
    mutationFn: (fields: Fields) => log(toBody(fields), key),
    onSuccess: async () => {
      noteUse(feature)
      void message.success(saved)
      onClose()
      await changed(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('followUp.title')} · ${name}`}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('followUp.submit')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: 'call' }}
        onValuesChange={proposeNextStep}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item
          name="outcome"
          label={t('followUp.outcome')}
          rules={[{ required: true, message: t('followUp.outcomeRequired') }]}
        >
          <ChoiceGrid
            name="outcome"
            label={t('followUp.outcome')}
            choices={OUTCOMES.map(({ value, icon }) => ({ value, icon, label: t(`followUp.outcomes.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="kind" label={t('followUp.kind')}>
          <Segmented
            block
            className={styles.kinds ?? ''}
            options={KINDS.map((value) => ({ value, label: t(`followUp.kinds.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="note" label={t('followUp.note')}>
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={2000}
            placeholder={t('followUp.notePlaceholder')}
          />
        </Form.Item>
        {TIMED.includes(kind) && (
          <Form.Item name="duration_minutes" label={t('followUp.duration')}>
            <InputNumber min={1} max={1440} precision={0} inputMode="numeric" style={{ width: 140 }} />
          </Form.Item>
        )}
        <Form.Item name="next_step_at" label={t('followUp.next')} style={{ marginBottom: nextAt ? 12 : 0 }}>
          <NextStepPicker />
        </Form.Item>
        {nextAt && (
          <Form.Item name="next_step" label={t('followUp.nextWhat')} style={{ marginBottom: 0 }}>
            <Input maxLength={200} placeholder={t('followUp.nextWhatPlaceholder')} />
          </Form.Item>
        )}
      </Form>
    </Sheet>
  )
}
