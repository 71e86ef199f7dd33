import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { pipelinesQuery } from '@/api/opportunities'
import type { OpportunityCard } from '@/api/types'
import { sourceWords } from '@/components/lead/leadWords'
import type { Column } from '@/components/list/description'
import { TwoLines } from '@/components/list/TwoLines'
import { Moment } from '@/components/Moment'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import type { DealColumn } from '@/lib/opportunitySearch'
import { serverNow } from '@/lib/serverClock'
import { daysSince } from '@/lib/time'

type Cell = (t: TFunction) => Column<OpportunityCard>

/** The stage where a deal stands; a card knows it by id only. */
export function StageName({ id }: { id: string }) {
  const { i18n } = useTranslation()
  const pipelines = useQuery(pipelinesQuery)
  const stage = pipelines.data?.items.flatMap((pipeline) => pipeline.stages).find((one) => one.id === id)
  return stage ? stageName(stage, asLanguage(i18n.language)) : null
}

export const amountOf = (t: TFunction, { expected_amount, currency }: OpportunityCard): string =>
  expected_amount === null ? t('opportunity.noAmount') : money(expected_amount, currency)

export const OPPORTUNITY_CELLS: Record<Exclude<DealColumn, 'name'>, Cell> = {
  customer: () => ({ width: 200, render: (_, deal) => deal.customer?.name }),
  stage: (t) => ({
    width: 130,
    render: (_, deal) => (
      <TwoLines second={deal.state === 'open' ? null : t(`opportunity.states.${deal.state}`)}>
        <StageName id={deal.stage_id} />
      </TwoLines>
    ),
  }),
  state: (t) => ({ width: 100, render: (_, deal) => t(`opportunity.states.${deal.state}`) }),
  amount: (t) => ({ width: 130, render: (_, deal) => <span className="figures">{amountOf(t, deal)}</span> }),
  close: () => ({ width: 120, render: (_, deal) => <span className="figures">{deal.expected_close_on}</span> }),
  owner: () => ({
    width: 110,
    render: (_, deal) => <TwoLines second={deal.backup_owner?.name}>{deal.owner.name}</TwoLines>,
  }),
  backup: () => ({ width: 110, render: (_, deal) => deal.backup_owner?.name }),
  region: () => ({ width: 96, render: (_, deal) => deal.region?.name }),
  source: (t) => ({ width: 110, render: (_, deal) => sourceWords(t, deal.source) }),
  product_line: () => ({ width: 120, render: (_, deal) => deal.product_line }),
  next_step: () => ({
    width: 190,
    render: (_, deal) => (
      <TwoLines second={deal.next_step}>{deal.next_step_at && <Moment at={deal.next_step_at} />}</TwoLines>
    ),
  }),
  age: (t) => ({
    width: 120,
    render: (_, deal) => (
      <TwoLines
        second={
          deal.is_flagged ? t('opportunity.flagged', { count: daysSince(deal.last_activity_at, serverNow()) }) : null
        }
      >
        {deal.state === 'open' && (
          <span className="figures">
            {t('opportunity.days', { count: daysSince(deal.stage_entered_at, serverNow()) })}
          </span>
        )}
      </TwoLines>
    ),
  }),
  activity: () => ({ width: 150, render: (_, deal) => <Moment at={deal.last_activity_at} /> }),
  closed: () => ({ width: 150, render: (_, deal) => deal.closed_at && <Moment at={deal.closed_at} /> }),
  loss_reason: (t) => ({
    width: 110,
    render: (_, deal) => deal.loss_reason && t(`opportunity.losses.${deal.loss_reason}`),
  }),
}
