import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from '@/components/customer/CustomerForm.module.css'
import { isAmount } from '@/lib/money'

/** How much a deal may bring and when it may be closed, side by side; both can come later. */
export function DealFields({ within }: { within?: string }) {
  const { t } = useTranslation()
  const name = (field: string): string | string[] => (within ? [within, field] : field)
  const checkAmount = async (_: unknown, value?: string | null): Promise<void> => {
    if (value && !isAmount(value.trim())) throw new Error(t('quick.amountInvalid'))
  }
  return (
    <div className={styles.pair}>
      <Form.Item
        name={name('expected_amount')}
        label={t('opportunity.fields.expected_amount')}
        rules={[{ validator: checkAmount }]}
      >
        <Input inputMode="decimal" autoComplete="off" prefix="¥" maxLength={20} />
      </Form.Item>
      <Form.Item name={name('expected_close_on')} label={t('opportunity.fields.expected_close_on')}>
        <Input type="date" />
      </Form.Item>
    </div>
  )
}
