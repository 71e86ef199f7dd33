import { Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CustomersChange } from '@/api/types'
import type { BulkSheetProps } from '@/components/list/BulkBar'
import { WhoAndWhy, type WhoAndWhyFields } from '@/components/list/WhoAndWhy'
import { Sheet } from '@/components/Sheet'

export function CustomerBulkSheet({ action, count, isSaving, onClose, onSubmit }: BulkSheetProps<CustomersChange>) {
  const { t } = useTranslation()
  const [form] = Form.useForm<WhoAndWhyFields>()
  const submit = ({ person_id, reason }: WhoAndWhyFields): void => {
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
          {t('customer.bulk.submit', { count })}
        </Button>
      }
    >
      {action && (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={submit}>
          <p style={{ marginBottom: 16 }}>{t(action === 'archive' ? 'customer.archiveText' : 'customer.bulk.waits')}</p>
          <WhoAndWhy
            who={action === 'archive' ? undefined : t(`customer.bulk.who.${action}`)}
            why={t('customer.bulk.reason')}
            whyRequired={t('customer.reasonNeeded')}
          />
        </Form>
      )}
    </Sheet>
  )
}
