import {
  CalendarOutlined,
  CheckOutlined,
  CloseCircleOutlined,
  PhoneOutlined,
  QuestionCircleOutlined,
  StarOutlined,
} from '@ant-design/icons'
import { Form, Input, InputNumber, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Contact } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ChatField } from './ChatField'
import styles from './FollowUpSheet.module.css'
import { type Kind, MET } from './followUpFields'
import { NextStepPicker } from './NextStepPicker'
import { PeoplePicker } from './PeoplePicker'
import { PlacePicker } from './PlacePicker'
import { WhenPicker } from './WhenPicker'

const OUTCOMES = [
  { value: 'reached', icon: <CheckOutlined aria-hidden /> },
  { value: 'interested', icon: <StarOutlined aria-hidden /> },
  { value: 'callback', icon: <CalendarOutlined aria-hidden /> },
  { value: 'no_answer', icon: <PhoneOutlined aria-hidden rotate={135} /> },
  { value: 'not_interested', icon: <CloseCircleOutlined aria-hidden /> },
  { value: 'wrong_number', icon: <QuestionCircleOutlined aria-hidden /> },
] as const
const MET_OUTCOMES = ['reached', 'interested', 'callback', 'not_interested'] as const
const STEPS = ['quote', 'sample', 'visit', 'drawing', 'wait'] as const
const LASTING: readonly Kind[] = ['call', 'visit', 'meeting']

interface Props {
  kind: Kind
  contacts: Pick<Contact, 'id' | 'name' | 'role'>[]
  known: string[]
  places: string[]
  hasNext: boolean
}

/** What is asked of each kind, the most telling first. */
export function KindFields({ kind, contacts, known, places, hasNext }: Props) {
  const { t } = useTranslation()
  const note = (
    <Form.Item
      name="note"
      label={kind === 'meeting' ? t('followUp.minutes') : kind === 'note' ? t('followUp.noteText') : t('followUp.note')}
      rules={kind === 'note' ? [{ required: true, whitespace: true, message: t('followUp.noteNeeded') }] : []}
    >
      <Input.TextArea
        autoSize={{ minRows: kind === 'meeting' || kind === 'note' ? 4 : 2, maxRows: 10 }}
        maxLength={5000}
        placeholder={kind === 'note' ? t('followUp.noteTextPlaceholder') : t('followUp.notePlaceholder')}
      />
    </Form.Item>
  )
  if (kind === 'note') return note
  const isMet = MET.includes(kind)
  const people = (
    <Form.Item name="people" label={isMet ? t('followUp.people') : t('followUp.withWhom')}>
      <PeoplePicker contacts={contacts} known={known} />
    </Form.Item>
  )
  return (
    <>
      {kind === 'call' && <Outcome kind={kind} />}
      {isMet && people}
      {isMet && (
        <Form.Item name="place" label={t('followUp.place')}>
          <PlacePicker places={places} />
        </Form.Item>
      )}
      {kind === 'message' && <ChatField />}
      {note}
      <Next hasNext={hasNext} isOffered={isMet} />
      {kind !== 'call' && <Outcome kind={kind} />}
      {!isMet && people}
      <Form.Item name="at" label={t('followUp.when')}>
        <WhenPicker />
      </Form.Item>
      {LASTING.includes(kind) && (
        <div className={styles.two}>
          {kind === 'call' && (
            <Form.Item name="direction" label={t('followUp.direction')}>
              <Segmented
                options={(['out', 'in'] as const).map((value) => ({ value, label: t(`followUp.directions.${value}`) }))}
              />
            </Form.Item>
          )}
          <Form.Item name="duration_minutes" label={t('followUp.duration')}>
            <InputNumber min={1} max={1440} precision={0} inputMode="numeric" style={{ width: 140 }} />
          </Form.Item>
        </div>
      )}
    </>
  )
}

function Outcome({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const isMet = MET.includes(kind)
  const choices = isMet
    ? MET_OUTCOMES.map((value) => ({ value, label: t(`followUp.metOutcomes.${value}`) }))
    : OUTCOMES.map(({ value, icon }) => ({ value, icon, label: t(`followUp.outcomes.${value}`) }))
  return (
    <Form.Item
      name="outcome"
      label={t('followUp.outcome')}
      rules={[{ required: true, message: t('followUp.outcomeRequired') }]}
    >
      <ChoiceGrid name="outcome" label={t('followUp.outcome')} size={isMet ? 'chip' : 'large'} choices={choices} />
    </Form.Item>
  )
}

function Next({ hasNext, isOffered }: { hasNext: boolean; isOffered: boolean }) {
  const { t } = useTranslation()
  const form = Form.useFormInstance()
  return (
    <>
      <Form.Item name="next_step_at" label={t('followUp.next')} style={{ marginBottom: 12 }}>
        <NextStepPicker />
      </Form.Item>
      {(hasNext || isOffered) && (
        <Form.Item label={t('followUp.nextWhat')} htmlFor="next_step">
          {/* Drawn by the field itself: a watched value comes a moment late, and the tapped chip would jump back meanwhile. */}
          <Form.Item noStyle shouldUpdate={(before, after) => before.next_step !== after.next_step}>
            {() => (
              <ChoiceGrid
                size="chip"
                name="next-what"
                label={t('followUp.usualSteps')}
                value={form.getFieldValue('next_step') ?? ''}
                onChange={(next_step) => form.setFieldsValue({ next_step })}
                choices={STEPS.map((one) => ({ value: t(`followUp.steps.${one}`), label: t(`followUp.steps.${one}`) }))}
              />
            )}
          </Form.Item>
          <Form.Item name="next_step" noStyle>
            <Input maxLength={200} placeholder={t('followUp.nextWhatPlaceholder')} style={{ marginTop: 10 }} />
          </Form.Item>
        </Form.Item>
      )}
    </>
  )
}
