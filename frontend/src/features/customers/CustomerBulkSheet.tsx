import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CustomersChange } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { Sheet } from '@/components/Sheet'

type Without<T> = T extends { ids: unknown } ? Omit<T, 'ids'> : never
type Submitted = Without<CustomersChange>

interface Props {
  action: CustomersChange['action'] | null
  count: number
  isSaving: boolean
  onClose: () => void
  onSubmit: (fields: Submitted) => void
}

interface Fields {
  person_id: string
  reason: string
}

/** To whom, and why. */
export function CustomerBulkSheet({ action, count, isSaving, onClose, onSubmit }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Fields>()
  const submit = ({ person_id, reason }: Fields): void => {
    if (action === 'archive') onSubmit({ action, reason: reason.trim() })
    else if (action) onSubmit({ action, person_id, reason: reason.trim() })
  }
  return (
    <Sheet
      open={action !== null}
      onClose={onClose}
      title={action ? t(`customer.bulk.titles.${action}`, { count }) : ''}
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {t('bulk.submit', { count })}
        </Button>
      }
    >
      {action && (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={submit}>
          <p style={{ marginBottom: 16 }}>{t(action === 'archive' ? 'customer.archiveText' : 'customer.bulk.waits')}</p>
          {action !== 'archive' && (
            <Form.Item
              name="person_id"
              label={t(`customer.bulk.who.${action}`)}
              rules={[{ required: true, message: t('reassign.whoRequired') }]}
            >
              <ColleagueSelect />
            </Form.Item>
          )}
          <Form.Item
            name="reason"
            label={t('customer.bulk.reason')}
            rules={[{ required: true, whitespace: true, message: t('customer.reasonNeeded') }]}
            style={{ marginBottom: 0 }}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
          </Form.Item>
        </Form>
      )}
    </Sheet>
  )
}
