import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { discardEmail, emailsChanged } from '@/api/emails'
import type { EmailCard } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import styles from './Email.module.css'
import { useSaidWithUndo } from './useRestoring'

/** Puts a letter aside that belongs nowhere, and says why; it can be taken back. */
export function DiscardSheet({ email, open, onClose }: { email: EmailCard } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason: string }>()
  const say = useSaidWithUndo()
  const discard = useMutation({
    mutationFn: ({ reason }: { reason: string }) => discardEmail(email.id, reason.trim()),
    onSuccess: async () => {
      say(t('mail.discarded'), email.id)
      onClose()
      await emailsChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('mail.discardTitle')}
      footer={
        <Button type="primary" danger size="large" block loading={discard.isPending} onClick={() => form.submit()}>
          {t('mail.discard')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => discard.mutate(fields)}>
        <p className={styles.help}>{t('mail.discardHelp')}</p>
        <Form.Item
          name="reason"
          label={t('mail.discardReason')}
          rules={[{ required: true, whitespace: true, message: t('document.reasonNeeded') }]}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={500} placeholder={t('mail.discardHint')} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
