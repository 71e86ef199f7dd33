import { useTranslation } from 'react-i18next'
import { leadChanged, logFollowUp } from '@/api/leads'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import type { SheetProps } from './LeadSheets'
import { isContacted, leadName } from './leadWords'

export function LeadFollowUpSheet({ lead, ...opening }: SheetProps) {
  const { t } = useTranslation()
  return (
    <FollowUpSheet
      {...opening}
      name={leadName(t, lead)}
      saved={isContacted(lead) ? t('followUp.savedAgain') : t('followUp.saved')}
      feature="lead.follow_up"
      log={(body, key) => logFollowUp(lead.id, body, key)}
      changed={(client) => leadChanged(client, lead.id)}
    />
  )
}
