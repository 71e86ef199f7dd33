import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Sharing, ViewSubject } from '@/api/types'
import { createView, viewKeys } from '@/api/views'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { may, useMe } from '@/lib/session'

interface Props {
  open: boolean
  subject: ViewSubject
  settings: object
  onClose: () => void
  onSaved: (id: string) => void
}

interface Fields {
  name: string
  sharing?: Sharing
  is_default?: boolean
}

/** Filter, sort and columns under a name. */
export function SaveViewSheet({ open, subject, settings, onClose, onSaved }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: ({ name, sharing = 'own', is_default = false }: Fields) =>
      createView({
        subject,
        name: name.trim(),
        settings: { ...settings },
        sharing,
        is_default,
      }),
    onSuccess: async (view) => {
      void message.success(t('list.viewSaved', { name: view.name }))
      await client.invalidateQueries({ queryKey: viewKeys.all })
      onSaved(view.id)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const sharing: Sharing[] = ['own', ...(me.region ? (['region'] as const) : []), 'company']
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('list.saveView')}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <Form.Item
          name="name"
          label={t('list.viewName')}
          rules={[{ required: true, whitespace: true, message: t('list.viewNameRequired') }]}
        >
          <Input maxLength={50} placeholder={t('list.viewNamePlaceholder')} />
        </Form.Item>
        {may(me, 'view.share') && (
          <Form.Item name="sharing" label={t('list.sharing')} initialValue="own">
            <ChoiceGrid
              size="chip"
              name="sharing"
              label={t('list.sharing')}
              choices={sharing.map((value) => ({ value, label: t(`list.sharings.${value}`) }))}
            />
          </Form.Item>
        )}
        <Form.Item name="is_default" valuePropName="checked" style={{ marginBottom: 0 }}>
          <Checkbox>{t(`list.viewAsDefault.${subject}`)}</Checkbox>
        </Form.Item>
      </Form>
    </Sheet>
  )
}
