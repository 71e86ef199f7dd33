import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { DealFields } from './DealFields'

export interface OpportunityFormValues {
  name: string
  expected_amount?: string | null
  expected_close_on?: string | null
  product_line?: string | null
  need?: string | null
}

/** What an opportunity says of itself; every field but the name can come later. */
export function OpportunityFields() {
  const { t } = useTranslation()
  return (
    <>
      <Form.Item
        name="name"
        label={t('opportunity.fields.name')}
        rules={[{ required: true, whitespace: true, message: t('opportunity.nameNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" placeholder={t('opportunity.nameHint')} />
      </Form.Item>
      <DealFields />
      <Form.Item name="product_line" label={t('opportunity.fields.product_line')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="need" label={t('opportunity.fields.need')} style={{ marginBottom: 0 }}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Form.Item>
    </>
  )
}
