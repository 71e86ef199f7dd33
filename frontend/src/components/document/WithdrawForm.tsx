import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { documentsChanged, withdrawDocument } from '@/api/documents'
import type { FiledDocument } from '@/api/types'
import { showProblem } from '@/lib/formProblem'
import styles from './Documents.module.css'

/** The document no longer counts; it stays to be seen, with the reason. */
export function WithdrawForm({ document, onDone }: { document: FiledDocument; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ reason: string }>()
  const save = useMutation({
    mutationFn: ({ reason }: { reason: string }) => withdrawDocument(document.id, reason.trim()),
    onSuccess: async () => {
      void message.success(t('document.withdrawn'))
      onDone()
      await documentsChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
      <Form.Item
        name="reason"
        label={t('document.withdrawReason')}
        extra={t('document.withdrawHelp')}
        rules={[{ required: true, whitespace: true, message: t('document.reasonNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" placeholder={t('document.reasonHint')} />
      </Form.Item>
      <div className={styles.buttons}>
        <Button type="primary" danger loading={save.isPending} onClick={() => form.submit()}>
          {t('document.withdraw')}
        </Button>
        <Button onClick={onDone}>{t('common.back')}</Button>
      </div>
    </Form>
  )
}
