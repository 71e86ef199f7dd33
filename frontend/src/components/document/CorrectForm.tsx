import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeDocument, documentKindsQuery, documentsChanged } from '@/api/documents'
import type { FiledDocument } from '@/api/types'
import { asLanguage } from '@/i18n/i18n'
import { showProblem } from '@/lib/formProblem'
import styles from './Documents.module.css'
import { kindName } from './documentWords'

interface Fields {
  title: string
  kind: string
}

/** Another title or kind; the files stay as they are. */
export function CorrectForm({ document, onDone }: { document: FiledDocument; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const kinds = useQuery(documentKindsQuery).data?.items ?? []
  const save = useMutation({
    mutationFn: (body: Fields) => changeDocument(document.id, body, document.version),
    onSuccess: async () => {
      onDone()
      await documentsChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ title: document.title, kind: document.kind.key }}
      onFinish={(fields) => save.mutate(fields)}
    >
      <Form.Item
        name="title"
        label={t('document.name')}
        rules={[{ required: true, whitespace: true, message: t('document.nameNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={t('document.kind')}>
        <Select
          options={kinds
            .filter((kind) => kind.is_active || kind.key === document.kind.key)
            .map((kind) => ({ value: kind.key, label: kindName(kind, asLanguage(i18n.language)) }))}
        />
      </Form.Item>
      <div className={styles.buttons}>
        <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
        <Button onClick={onDone}>{t('common.back')}</Button>
      </div>
    </Form>
  )
}
