import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Radio, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askForSupport, supportChanged, supportEngineersQuery } from '@/api/support'
import { Moment } from '@/components/Moment'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { ErrorState } from '@/components/states'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'
import styles from './Support.module.css'
import { engineerWords } from './supportWords'

interface Fields {
  need: string
  engineer_id: string
}

interface Props extends Opening {
  record: { opportunity_id: string } | { customer_id: string }
  /** What it is for. */
  name: string
}

const LEAST = ''

/** What is needed, of whom, and by when an answer is promised. */
export function AskSupportSheet({ record, name, open, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const engineers = useQuery(supportEngineersQuery)
  const ask = useMutation({
    mutationFn: ({ need, engineer_id }: Fields) =>
      askForSupport({ ...record, need: need.trim(), ...(engineer_id ? { engineer_id } : {}) }, key),
    onSuccess: async ({ engineer }) => {
      noteUse('support.ask')
      void message.success(t('support.asked', { name: engineer.name }))
      onClose()
      await supportChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const due = engineers.data?.due_at
  return (
    <Sheet
      open={open}
      onClose={onClose}
      keepsOnOutsideTap
      title={`${t('support.ask')} · ${name}`}
      footer={
        <Button type="primary" size="large" block loading={ask.isPending} onClick={() => form.submit()}>
          {t('support.ask')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ engineer_id: LEAST }}
        onFinish={(fields) => ask.mutate(fields)}
      >
        <Form.Item
          name="need"
          label={t('support.need')}
          rules={[{ required: true, whitespace: true, message: t('support.needNeeded') }]}
        >
          <Input.TextArea autoSize={{ minRows: 4, maxRows: 10 }} maxLength={5000} placeholder={t('support.needHint')} />
        </Form.Item>
        {engineers.isError && <ErrorState error={engineers.error} onRetry={() => void engineers.refetch()} />}
        {engineers.isPending && <Skeleton active />}
        {engineers.data && (
          <Form.Item name="engineer_id" label={t('support.engineer')}>
            <Radio.Group className={styles.engineers ?? ''}>
              <Radio value={LEAST}>{t('support.leastLoad')}</Radio>
              {engineers.data.items.map((one) => (
                <Radio key={one.id} value={one.id}>
                  {one.name} <small className={styles.soft}>{engineerWords(t, one)}</small>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
        )}
        {due && (
          <p className={styles.soft}>
            {t('support.promise')} <Moment at={due} />
          </p>
        )}
      </Form>
    </Sheet>
  )
}
