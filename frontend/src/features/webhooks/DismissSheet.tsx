import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { submissionKeys } from '@/api/submissions'
import type { Submission } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { dismissSubmission } from './api'
import styles from './webhooks.module.css'

interface Props {
  submission: Submission
  open: boolean
  onClose: () => void
}

export function DismissSheet({ submission, open, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason: string }>()
  const dismiss = useMutation({
    mutationFn: ({ reason }: { reason: string }) => dismissSubmission(submission.id, reason),
    onSuccess: () => {
      void message.success(t('quarantine.dismissed'))
      onClose()
    },
    onError: (error) => showProblem(form, message, t, error),
    onSettled: () => client.invalidateQueries({ queryKey: submissionKeys.all }),
  })
  return (
    <Sheet open={open} onClose={onClose} title={t('quarantine.dismissTitle')}>
      <p className={styles.soft} style={{ marginBottom: 16 }}>
        {t('quarantine.dismissHelp')}
      </p>
      <Form form={form} layout="vertical" onFinish={(fields) => dismiss.mutate(fields)}>
        <Form.Item
          name="reason"
          label={t('quarantine.reason')}
          rules={[{ required: true, whitespace: true, message: t('people.required') }]}
        >
          <Input maxLength={200} placeholder={t('quarantine.reasonPlaceholder')} />
        </Form.Item>
        <Button type="primary" block size="large" htmlType="submit" loading={dismiss.isPending}>
          {t('quarantine.dismiss')}
        </Button>
      </Form>
    </Sheet>
  )
}
