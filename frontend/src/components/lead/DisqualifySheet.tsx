import { useTranslation } from 'react-i18next'
import { disqualify } from '@/api/leads'
import type { Disqualification } from '@/api/types'
import { DisqualifyFields } from './DisqualifyFields'
import { LeadFormSheet } from './LeadFormSheet'
import type { SheetProps } from './LeadSheets'
import { useLeadSheet } from './useLeadSheet'

export function DisqualifySheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const sheet = useLeadSheet({
    feature: 'lead.disqualify',
    leadId: lead.id,
    save: (fields: Disqualification) => disqualify(lead.id, fields),
    said: () => t('disqualify.done'),
    onClose,
  })
  const words = { title: t('disqualify.open'), submit: t('disqualify.submit') }
  return (
    <LeadFormSheet lead={lead} open={open} onClose={onClose} {...words} sheet={sheet}>
      <DisqualifyFields />
    </LeadFormSheet>
  )
}
