import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { peopleKeys } from '@/api/people'
import type { Leave, LeaveIn } from '@/api/types'
import { Moment } from '@/components/Moment'
import { CardSkeletons, ErrorState } from '@/components/states'
import { sayProblem, showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { wallTimeToIso } from '@/lib/time'
import { word } from '@/lib/words'
import { addLeave, cancelLeave, leavesQuery } from './api'
import styles from './PersonForm.module.css'

const KINDS = ['annual', 'sick', 'business_trip', 'other'] as const

export function LeaveTab({ personId }: { personId: string }) {
  const { t } = useTranslation()
  const leaves = useQuery(leavesQuery(personId))
  if (leaves.isPending) return <CardSkeletons count={2} />
  if (leaves.isError) return <ErrorState error={leaves.error} onRetry={() => void leaves.refetch()} />
  return (
    <>
      {leaves.data.items.length === 0 && <p className={styles.soft}>{t('people.leaveNone')}</p>}
      <ul>
        {leaves.data.items.map((leave) => (
          <LeaveRow key={leave.id} leave={leave} />
        ))}
      </ul>
      <LeaveForm key={leaves.dataUpdatedAt} personId={personId} />
    </>
  )
}

function LeaveRow({ leave }: { leave: Leave }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => cancelLeave(leave.id),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.all }),
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <li className={styles.leave}>
      <div>
        <strong>{word(t, `people.leaveKinds.${leave.kind}`, leave.kind)}</strong> {leave.note}
        <p className={styles.soft}>
          <Moment at={leave.starts_at} /> – <Moment at={leave.ends_at} />
        </p>
      </div>
      {leave.cancelled_at ? (
        <span className={styles.soft}>{t('people.leaveCancelled')}</span>
      ) : (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('people.leaveCancel')}
        </Button>
      )}
    </li>
  )
}

interface Fields {
  starts_at: string
  ends_at: string
  kind: LeaveIn['kind']
  note?: string
}

function LeaveForm({ personId }: { personId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const save = useMutation({
    mutationFn: ({ starts_at, ends_at, kind, note }: Fields) =>
      addLeave(
        personId,
        { starts_at: wallTimeToIso(starts_at), ends_at: wallTimeToIso(ends_at), kind, note: note?.trim() ?? '' },
        key,
      ),
    onSuccess: () => {
      void message.success(t('common.saved'))
      return client.invalidateQueries({ queryKey: peopleKeys.all })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const isAfter = async (_: unknown, end?: string): Promise<void> => {
    const start: string | undefined = form.getFieldValue('starts_at')
    if (start && end && end <= start) throw new Error(t('people.leaveOrder'))
  }
  const required = { required: true, message: t('people.required') }
  return (
    <Form
      form={form}
      layout="vertical"
      className={styles.add ?? ''}
      initialValues={{ kind: 'annual' }}
      onFinish={(fields) => save.mutate(fields)}
    >
      <div className={styles.pair}>
        <Form.Item name="starts_at" label={t('people.leaveFrom')} rules={[required]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item
          name="ends_at"
          label={t('people.leaveTo')}
          dependencies={['starts_at']}
          rules={[required, { validator: isAfter }]}
        >
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="kind" label={t('people.leaveKind')}>
          <Select options={KINDS.map((value) => ({ value, label: t(`people.leaveKinds.${value}`) }))} />
        </Form.Item>
        <Form.Item name="note" label={t('people.leaveNote')}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('people.leaveAdd')}
      </Button>
    </Form>
  )
}
