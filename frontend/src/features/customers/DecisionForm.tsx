import { CheckOutlined, CloseOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { customerChanged, decideRequest } from '@/api/customers'
import type { ChangeRequest, Verdict } from '@/api/types'
import { Card } from '@/components/Card'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import styles from './RequestPage.module.css'

interface Fields {
  comment?: string
}

/** Approve or reject in one tap; a rejection says why. */
export function DecisionForm({ request }: { request: ChangeRequest }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const decide = useMutation({
    mutationFn: (verdict: Verdict) => decideRequest(request.id, verdict, form.getFieldValue('comment')?.trim() ?? ''),
    onSuccess: async (_, verdict) => {
      noteUse('change_request.decide')
      void message.success(verdict === 'approve' ? t('change.approved') : t('change.rejected'))
      await customerChanged(client)
    },
    onError: (error) => {
      showProblem(form, message, t, error)
      void customerChanged(client)
    },
  })
  const reject = (): void => {
    if (form.getFieldValue('comment')?.trim()) {
      decide.mutate('reject')
      return
    }
    form.setFields([{ name: 'comment', errors: [t('change.commentRequired')] }])
    form.scrollToField('comment', { focus: true })
  }
  return (
    <Card>
      <Form form={form} layout="vertical" requiredMark={false}>
        <Form.Item name="comment" label={t('change.comment')} extra={t('change.commentHint')}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <div className={styles.buttons}>
          <Button size="large" danger icon={<CloseOutlined aria-hidden />} disabled={decide.isPending} onClick={reject}>
            {t('change.reject')}
          </Button>
          <Button
            type="primary"
            size="large"
            icon={<CheckOutlined aria-hidden />}
            loading={decide.isPending}
            disabled={request.moved.length > 0}
            onClick={() => decide.mutate('approve')}
          >
            {t('change.approve')}
          </Button>
        </div>
      </Form>
    </Card>
  )
}
