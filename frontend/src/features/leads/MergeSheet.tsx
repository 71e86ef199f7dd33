import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mergeLeads } from '@/api/duplicates'
import { leadChanged, leadQuery } from '@/api/leads'
import type { Lead } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { leadName } from '@/components/lead/leadWords'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, ErrorState } from '@/components/states'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import styles from './MergeSheet.module.css'
import { differing, type Field, filledIn, staysFirst, toMerge } from './mergeFields'

const LABELS = {
  company: 'lead.company',
  contact_name: 'lead.contact',
  phone: 'lead.phone',
  email: 'lead.email',
  wechat: 'lead.wechat',
  province: 'lead.province',
  city: 'lead.city',
  campaign: 'lead.campaign',
  product_line: 'lead.productLine',
  language: 'lead.language',
  need: 'lead.need',
  expected_amount: 'lead.amount',
} as const satisfies Record<Field, string>

interface Props {
  lead: Lead
  otherId: string
  onClose: () => void
}

/** Two leads side by side: which one stays, and what it takes from the other. */
export function MergeSheet({ lead, otherId, onClose }: Props) {
  const { t } = useTranslation()
  const other = useQuery(leadQuery(otherId))
  const [isOpen, setIsOpen] = useState(true)
  return (
    <Sheet open={isOpen} onClose={onClose} title={t('merge.title')} phoneHeight="full" width={720} keepsOnOutsideTap>
      {other.isPending && <CardSkeletons count={2} />}
      {other.isError && <ErrorState error={other.error} onRetry={() => void other.refetch()} />}
      {other.isSuccess && <Review lead={lead} other={other.data} onDone={() => setIsOpen(false)} />}
    </Sheet>
  )
}

function Review({ lead, other, onDone }: { lead: Lead; other: Lead; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ reason: string }>()
  const [survivor, setSurvivor] = useState(staysFirst(lead, other) ? lead : other)
  const loser = survivor.id === lead.id ? other : lead
  const [take, setTake] = useState<Field[]>(filledIn(survivor, loser))
  const stay = (id: string): void => {
    const [next, gone] = id === lead.id ? [lead, other] : [other, lead]
    setSurvivor(next)
    setTake(filledIn(next, gone))
  }
  const save = useMutation({
    mutationFn: ({ reason }: { reason: string }) => mergeLeads(survivor.id, toMerge(loser, take, reason)),
    onSuccess: async () => {
      noteUse('lead.merge')
      void message.success(t('merge.done'))
      onDone()
      void navigate({ to: '/leads/$leadId', params: { leadId: survivor.id } })
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
      <p>{t('merge.text')}</p>
      <Form.Item label={t('merge.which')}>
        <ChoiceGrid
          name="survivor"
          label={t('merge.which')}
          columns={2}
          value={survivor.id}
          onChange={stay}
          choices={[lead, other].map((one) => ({
            value: one.id,
            label: `${one.number} · ${one.owner?.name ?? t('lead.noOwner')}`,
          }))}
        />
      </Form.Item>
      <div className={`${styles.sides} ${styles.head}`} aria-hidden>
        <span>{t('merge.stays', { name: leadName(t, survivor) })}</span>
        <span>{t('merge.goes', { name: leadName(t, loser) })}</span>
      </div>
      {differing(survivor, loser).map((name) => (
        <Side
          key={name}
          label={t(LABELS[name])}
          values={[survivor[name], loser[name]]}
          takes={take.includes(name)}
          onChange={(takes) => setTake(takes ? [...take, name] : take.filter((one) => one !== name))}
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

interface SideProps {
  label: string
  values: (string | null)[]
  takes: boolean
  onChange: (takes: boolean) => void
}

/** One field of both: the value of the one that stays, or of the other. */
function Side({ label, values, takes, onChange }: SideProps) {
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
