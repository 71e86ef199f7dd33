import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { ColleagueSelect } from '@/components/ColleagueSelect'

export interface WhoAndWhyFields {
  person_id: string
  reason: string
}

interface Props {
  /** Without it nobody is asked for. */
  who?: string | undefined
  why: string
  whyRequired: string
}

/** To whom, and why. */
export function WhoAndWhy({ who, why, whyRequired }: Props) {
  const { t } = useTranslation()
  return (
    <>
      {who && (
        <Form.Item name="person_id" label={who} rules={[{ required: true, message: t('reassign.whoRequired') }]}>
          <ColleagueSelect />
        </Form.Item>
      )}
      <Form.Item
        name="reason"
        label={why}
        rules={[{ required: true, whitespace: true, message: whyRequired }]}
        style={{ marginBottom: 0 }}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
      </Form.Item>
    </>
  )
}
