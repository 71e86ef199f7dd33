import { useTranslation } from 'react-i18next'
import { leadChanged } from '@/api/leads'
import type { TimelineEntry } from '@/api/types'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import { placesOf } from '@/components/followUp/places'
import type { SheetProps } from './LeadSheets'
import { isContacted, leadName } from './leadWords'

export function LeadFollowUpSheet({
  lead,
  corrects,
  ...opening
}: SheetProps & { corrects?: TimelineEntry | undefined }) {
  const { t } = useTranslation()
  return (
    <FollowUpSheet
      {...opening}
      subject={{ type: 'lead', id: lead.id }}
      name={leadName(t, lead)}
      known={lead.contact_name ? [lead.contact_name] : []}
      places={placesOf(t)}
      saved={isContacted(lead) ? t('followUp.savedAgain') : t('followUp.saved')}
      feature="lead.follow_up"
      corrects={corrects}
      changed={(client) => leadChanged(client, lead.id)}
    />
  )
}
