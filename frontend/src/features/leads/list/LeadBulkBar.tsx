import { DownloadOutlined, StopOutlined, SwapOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { changeLeads, leadChanged } from '@/api/leads'
import type { BulkAction, LeadCard } from '@/api/types'
import { isInPool, leadName } from '@/components/lead/leadWords'
import { BulkBar, type BulkChoice } from '@/components/list/BulkBar'
import type { BulkProps } from '@/components/list/description'
import { may, useMe } from '@/lib/session'
import { LeadBulkSheet } from './LeadBulkSheet'

export function LeadBulkBar({ items, onDone }: BulkProps<LeadCard>) {
  const { t } = useTranslation()
  const me = useMe()
  const choices: (BulkChoice<BulkAction> | false)[] = [
    may(me, 'lead.claim') &&
      items.every(isInPool) && {
        action: 'claim',
        label: t('claim.open'),
        icon: <DownloadOutlined aria-hidden />,
        atOnce: { action: 'claim' },
      },
    may(me, 'lead.reassign') && { action: 'assign', label: t('bulk.assign'), icon: <SwapOutlined aria-hidden /> },
    may(me, 'lead.disqualify') && {
      action: 'disqualify',
      label: t('disqualify.open'),
      icon: <StopOutlined aria-hidden />,
    },
  ]
  return (
    <BulkBar<BulkAction>
      feature="leads"
      chosen={items.map((lead) => ({ id: lead.id, name: leadName(t, lead) }))}
      choices={choices.filter((choice) => choice !== false)}
      Sheet={LeadBulkSheet}
      change={changeLeads}
      said={(_, count) => t('bulk.done', { count })}
      changed={leadChanged}
      onDone={onDone}
    />
  )
}
