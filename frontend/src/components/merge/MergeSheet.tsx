import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customerQuery } from '@/api/customers'
import { mergedRecords, mergeInto, type Subject } from '@/api/duplicates'
import { leadQuery } from '@/api/leads'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, ErrorState } from '@/components/states'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import styles from './MergeSheet.module.css'
import { customerSide, differing, filledIn, leadSide, type Side, staysFirst, toMerge } from './sides'

interface Props {
  subject: Subject
  id: string
  otherId: string
  onClose: () => void
}

/** Two records side by side: which one stays, and what it takes from the other. */
export function MergeSheet({ subject, id, otherId, onClose }: Props) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(true)
  const Sides = subject === 'lead' ? TwoLeads : TwoCustomers
  return (
    <Sheet
      open={isOpen}
      onClose={onClose}
      title={t(`merge.${subject}.title`)}
      phoneHeight="full"
      width={720}
      keepsOnOutsideTap
    >
      <Sides id={id} otherId={otherId} onDone={() => setIsOpen(false)} />
    </Sheet>
  )
}

interface TwoProps {
  id: string
  otherId: string
  onDone: () => void
}

function TwoLeads({ id, otherId, onDone }: TwoProps) {
  const { t } = useTranslation()
  const [one, other] = [useQuery(leadQuery(id)), useQuery(leadQuery(otherId))]
  if (!one.data || !other.data) return <Waiting error={other.error} onRetry={() => void other.refetch()} />
  return <Review subject="lead" one={leadSide(t, one.data)} other={leadSide(t, other.data)} onDone={onDone} />
}

function TwoCustomers({ id, otherId, onDone }: TwoProps) {
  const { t } = useTranslation()
  const [one, other] = [useQuery(customerQuery(id)), useQuery(customerQuery(otherId))]
  if (!one.data || !other.data) return <Waiting error={other.error} onRetry={() => void other.refetch()} />
  return (
    <Review subject="customer" one={customerSide(t, one.data)} other={customerSide(t, other.data)} onDone={onDone} />
  )
}

function Waiting({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return error ? <ErrorState error={error} onRetry={onRetry} /> : <CardSkeletons count={2} />
}

interface ReviewProps {
  subject: Subject
  one: Side
  other: Side
  onDone: () => void
}

function Review({ subject, one, other, onDone }: ReviewProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ reason: string }>()
  const [survivor, setSurvivor] = useState(staysFirst(one, other) ? one : other)
  const loser = survivor.id === one.id ? other : one
  const [take, setTake] = useState(filledIn(survivor, loser))
  const stay = (id: string): void => {
    const [next, gone] = id === one.id ? [one, other] : [other, one]
    setSurvivor(next)
    setTake(filledIn(next, gone))
  }
  const save = useMutation({
    mutationFn: ({ reason }: { reason: string }) => mergeInto(subject, survivor.id, toMerge(loser, take, reason)),
    onSuccess: async () => {
      noteUse(`${subject}.merge`)
      void message.success(t(`merge.${subject}.done`))
      onDone()
      if (subject === 'lead') void navigate({ to: '/leads/$leadId', params: { leadId: survivor.id } })
      else void navigate({ to: '/customers/$customerId', params: { customerId: survivor.id } })
      await mergedRecords(subject, client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
      <p className={styles.text}>{t(`merge.${subject}.text`)}</p>
      <Form.Item label={t(`merge.${subject}.which`)}>
        <ChoiceGrid
          name="survivor"
          label={t(`merge.${subject}.which`)}
          columns={2}
          value={survivor.id}
          onChange={stay}
          choices={[one, other].map(({ id, number, owner }) => ({
            value: id,
            label: `${number} · ${owner ?? t('lead.noOwner')}`,
          }))}
        />
      </Form.Item>
      <div className={`${styles.sides} ${styles.head}`} aria-hidden>
        <span>{t('merge.stays', { name: survivor.name })}</span>
        <span>{t('merge.goes', { name: loser.name })}</span>
      </div>
      {differing(survivor, loser).map(({ name, label, values }) => (
        <FieldSides
          key={name}
          label={label}
          values={values}
          takes={take.includes(name)}
          onChange={(takes) => setTake(takes ? [...take, name] : take.filter((known) => known !== name))}
        />
      ))}
      <Form.Item
        name="reason"
        label={t('merge.reason')}
        rules={[{ required: true, whitespace: true, message: t('merge.reasonRequired') }]}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={100} />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={save.isPending}>
        {t('merge.submit')}
      </Button>
    </Form>
  )
}

interface FieldProps {
  label: string
  values: string[]
  takes: boolean
  onChange: (takes: boolean) => void
}

/** One field of both: the value of the one that stays, or of the other. */
function FieldSides({ label, values, takes, onChange }: FieldProps) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.sides}>
        {values.map((value, index) => (
          <label key={index === 0 ? 'stays' : 'goes'} className={styles.side}>
            <input type="radio" name={label} checked={takes === (index === 1)} onChange={() => onChange(index === 1)} />
            <span>{value || t('common.unknown')}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
