import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import { Facts } from '@/components/Facts'
import { sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'
import { money } from '@/lib/money'

function facts(t: TFunction, lead: Lead): [string, ReactNode][] {
  return [
    [t('lead.source'), sourceWords(t, lead.source)],
    [t('lead.form'), lead.form?.name],
    [t('lead.campaign'), lead.campaign],
    [t('lead.productLine'), lead.product_line],
    [t('lead.amount'), lead.expected_amount && money(lead.expected_amount, lead.currency)],
    [t('lead.email'), lead.email && <a href={`mailto:${lead.email}`}>{lead.email}</a>],
    [t('lead.wechat'), lead.wechat],
    [t('lead.language'), lead.language],
    [t('lead.region'), lead.region?.name],
    [t('lead.backupOwner'), lead.backup_owner?.name],
    [t('lead.createdBy'), lead.created_by?.name],
    [t('lead.received'), <Moment key="received" at={lead.received_at} />],
    [t('lead.lastFollowUp'), lead.last_follow_up_at && <Moment key="last" at={lead.last_follow_up_at} />],
    ...customFacts(lead.custom),
  ]
}

function customFacts(custom: Record<string, unknown>): [string, string][] {
  return Object.entries(custom).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

export function LeadFacts({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  return <Facts title={t('lead.detail')} facts={facts(t, lead)} />
}
