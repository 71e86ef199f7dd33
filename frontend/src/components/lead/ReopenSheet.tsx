import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { reopen } from '@/api/leads'
import { LeadFormSheet } from './LeadFormSheet'
import type { SheetProps } from './LeadSheets'
import { useLeadSheet } from './useLeadSheet'

export function ReopenSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const sheet = useLeadSheet({
    feature: 'lead.reopen',
    leadId: lead.id,
    save: ({ note }: { note: string }) => reopen(lead.id, note.trim()),
    said: () => t('reopen.done'),
    onClose,
  })
  const words = { title: t('reopen.open'), submit: t('reopen.submit') }
  return (
    <LeadFormSheet lead={lead} open={open} onClose={onClose} {...words} sheet={sheet}>
      <p style={{ marginBottom: 16 }}>
        {lead.owner ? t('reopen.text', { owner: lead.owner.name }) : t('reopen.textPool')}
      </p>
      <Form.Item
        name="note"
        label={t('reopen.note')}
        rules={[{ required: true, whitespace: true, message: t('reopen.noteRequired') }]}
        style={{ marginBottom: 0 }}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} />
      </Form.Item>
    </LeadFormSheet>
  )
}
