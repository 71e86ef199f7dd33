import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Disqualification } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { DisqualifyFields } from '@/components/lead/DisqualifyFields'
import { Sheet } from '@/components/Sheet'

type Submitted = { action: 'assign'; person_id: string; reason: string } | ({ action: 'disqualify' } & Disqualification)

interface Props {
  kind: 'assign' | 'disqualify' | null
  count: number
  isSaving: boolean
  onClose: () => void
  onSubmit: (fields: Submitted) => void
}

/** To whom, or why. */
export function BulkSheet({ kind, count, isSaving, onClose, onSubmit }: Props) {
  const { t } = useTranslation()
  const [assign] = Form.useForm<{ person_id: string; reason: string }>()
  const [close] = Form.useForm<Disqualification>()
  const form = kind === 'assign' ? assign : close
  return (
    <Sheet
      open={kind !== null}
      onClose={onClose}
      title={kind === 'disqualify' ? t('bulk.disqualifyTitle', { count }) : t('bulk.assignTitle', { count })}
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {t('bulk.submit', { count })}
        </Button>
      }
    >
      {kind === 'assign' && (
        <Form
          form={assign}
          layout="vertical"
          requiredMark={false}
          onFinish={({ person_id, reason }) => onSubmit({ action: 'assign', person_id, reason: reason.trim() })}
        >
          <Form.Item
            name="person_id"
            label={t('reassign.who')}
            rules={[{ required: true, message: t('reassign.whoRequired') }]}
          >
            <ColleagueSelect />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('reassign.reason')}
            rules={[{ required: true, whitespace: true, message: t('reassign.reasonRequired') }]}
            style={{ marginBottom: 0 }}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
          </Form.Item>
        </Form>
      )}
      {kind === 'disqualify' && (
        <Form
          form={close}
          layout="vertical"
          requiredMark={false}
          onFinish={(fields) => onSubmit({ action: 'disqualify', ...fields })}
        >
          <DisqualifyFields />
        </Form>
      )}
    </Sheet>
  )
}
