import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { takeOver } from '@/api/leads'
import { Sheet } from '@/components/Sheet'
import { LeadConflict } from './LeadConflict'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'
import { useLeadSheet } from './useLeadSheet'

interface Fields {
  reason?: string
}

export function TakeOverSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const { form, isSaving, save, newer } = useLeadSheet<Fields, unknown>({
    feature: 'lead.take_over',
    leadId: lead.id,
    save: (fields, newer) => takeOver(lead.id, (newer ?? lead).version, fields.reason?.trim() ?? ''),
    said: () => t('takeOver.done'),
    onClose,
  })
  const { owner } = newer ?? lead
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('takeOver.title')} · ${leadName(t, lead)}`}
      footer={
        <Button
          type="primary"
          size="large"
          block
          loading={isSaving}
          disabled={newer !== null}
          onClick={() => form.submit()}
        >
          {t('takeOver.submit')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={save}>
        {newer && (
          <LeadConflict
            newer={newer}
            anyway={t('takeOver.anyway')}
            isSaving={isSaving}
            onAnyway={form.submit}
            onLeave={onClose}
          />
        )}
        <p style={{ marginBottom: 16 }}>
          {owner ? t('takeOver.text', { owner: owner.name }) : t('takeOver.textNoOwner')}
        </p>
        <Form.Item
          name="reason"
          label={`${t('takeOver.reason')} (${t('common.optional')})`}
          style={{ marginBottom: 0 }}
        >
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 5 }}
            maxLength={500}
            placeholder={t('takeOver.reasonPlaceholder')}
          />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
