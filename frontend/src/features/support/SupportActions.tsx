import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  acceptSupport,
  answerSupport,
  askSupportAgain,
  handOverSupport,
  supportChanged,
  supportEngineersQuery,
  withdrawSupport,
} from '@/api/support'
import type { SupportAction, SupportRequest } from '@/api/types'
import { Card } from '@/components/Card'
import styles from '@/components/support/Support.module.css'
import { engineerWords } from '@/components/support/supportWords'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'

interface Fields {
  said?: string
  engineer_id?: string
}

/** What this person may do with the request now; the first thing is open at once. */
export function SupportActions({ request }: { request: SupportRequest }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<SupportAction | null>(null)
  const action = chosen && request.actions.includes(chosen) ? chosen : request.actions[0]
  if (!action) return null
  return (
    <Card title={t(`support.actions.${action}`)}>
      <ActionForm key={`${action}${request.round}`} action={action} request={request} />
      <div className={styles.actions}>
        {request.actions
          .filter((one) => one !== action)
          .map((one) => (
            <Button key={one} onClick={() => setChosen(one)}>
              {t(`support.actions.${one}`)}
            </Button>
          ))}
      </div>
    </Card>
  )
}

function ActionForm({ action, request }: { action: SupportAction; request: SupportRequest }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const engineers = useQuery({ ...supportEngineersQuery, enabled: action === 'hand_over' })
  const isNeeded = action === 'answer' || action === 'ask_again'
  const run = useMutation({
    mutationFn: ({ said = '', engineer_id = '' }: Fields) => {
      switch (action) {
        case 'answer':
          return answerSupport(request.id, said, key)
        case 'ask_again':
          return askSupportAgain(request.id, said, key)
        case 'accept':
          return acceptSupport(request.id, said)
        case 'withdraw':
          return withdrawSupport(request.id, said)
        case 'hand_over':
          return handOverSupport(request.id, engineer_id)
      }
    },
    onSuccess: async () => {
      noteUse(`support.${action}`)
      void message.success(t(`support.done.${action}`))
      form.resetFields()
      await supportChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => run.mutate(fields)}>
      {action === 'hand_over' ? (
        <Form.Item
          name="engineer_id"
          label={t('support.engineer')}
          rules={[{ required: true, message: t('support.engineerNeeded') }]}
        >
          <Select
            options={(engineers.data?.items ?? [])
              .filter(({ id }) => id !== request.engineer.id)
              .map((one) => ({
                value: one.id,
                label: `${one.name} · ${engineerWords(t, one)}`,
                disabled: !one.is_present,
              }))}
          />
        </Form.Item>
      ) : (
        <Form.Item
          name="said"
          label={t(`support.says.${action}`)}
          rules={isNeeded ? [{ required: true, whitespace: true, message: t('support.saidNeeded') }] : []}
        >
          <Input.TextArea
            autoSize={{ minRows: isNeeded ? 5 : 2, maxRows: 16 }}
            maxLength={isNeeded ? 5000 : 500}
            placeholder={action === 'answer' ? t('support.answerHint') : ''}
          />
        </Form.Item>
      )}
      <Button type="primary" size="large" htmlType="submit" loading={run.isPending}>
        {t(`support.actions.${action}`)}
      </Button>
    </Form>
  )
}
