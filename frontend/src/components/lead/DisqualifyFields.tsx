import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DisqualifyReason } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'

const REASONS: DisqualifyReason[] = [
  'no_need',
  'unreachable',
  'wrong_number',
  'not_our_product',
  'price',
  'competitor',
  'duplicate',
  'spam',
  'other',
]

/** Why a lead will not become business; "other" needs words. */
export function DisqualifyFields() {
  const { t } = useTranslation()
  const form = Form.useFormInstance()
  const isOther = Form.useWatch('reason', form) === 'other'
  return (
    <>
      <Form.Item
        name="reason"
        label={t('disqualify.reason')}
        rules={[{ required: true, message: t('disqualify.reasonRequired') }]}
      >
        <ChoiceGrid
          size="chip"
          name="reason"
          label={t('disqualify.reason')}
          choices={REASONS.map((value) => ({ value, label: t(`disqualify.reasons.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="note"
        label={isOther ? t('disqualify.note') : `${t('disqualify.note')} (${t('common.optional')})`}
        dependencies={['reason']}
        rules={[{ required: isOther, whitespace: isOther, message: t('disqualify.noteRequired') }]}
        style={{ marginBottom: 0 }}
      >
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={200}
          placeholder={t('disqualify.notePlaceholder')}
        />
      </Form.Item>
    </>
  )
}
