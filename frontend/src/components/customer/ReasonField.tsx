import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

/** Why a protected fact should change: the approver reads it. */
export function ReasonField() {
  const { t } = useTranslation()
  return (
    <Form.Item
      name="reason"
      label={t('customer.reason')}
      extra={t('customer.reasonHelp')}
      rules={[{ required: true, whitespace: true, message: t('customer.reasonRequired') }]}
      style={{ marginBottom: 0 }}
    >
      <Input maxLength={200} autoComplete="off" />
    </Form.Item>
  )
}
