import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { customerOpportunitiesQuery, pipelinesQuery } from '@/api/opportunities'
import type { Customer } from '@/api/types'
import { Card } from '@/components/Card'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import { may, useMe } from '@/lib/session'
import styles from './LeadsCard.module.css'

/** The deals with this customer, open ones first, and the way to a new one. */
export function OpportunitiesCard({ customer }: { customer: Customer }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const sheets = useOpportunitySheets()
  const reads = may(me, 'opportunity.read')
  const deals = useQuery({ ...customerOpportunitiesQuery(customer.id), enabled: reads })
  const pipelines = useQuery({ ...pipelinesQuery, enabled: reads })
  const stages = new Map(pipelines.data?.items.flatMap(({ stages }) => stages.map((stage) => [stage.id, stage])))
  const opens = may(me, 'opportunity.create') && customer.actions.includes('log_follow_up')
  const items = deals.data?.items ?? []
  if (!reads || (items.length === 0 && !opens)) return null
  return (
    <Card title={t('opportunity.ofCustomer')}>
      <ul className={styles.list}>
        {items.map((deal) => {
          const stage = stages.get(deal.stage_id)
          const where =
            deal.state === 'open' && stage
              ? stageName(stage, asLanguage(i18n.language))
              : t(`opportunity.states.${deal.state}`)
          return (
            <li key={deal.id} className={styles.row}>
              <span className={styles.words}>
                <Link to="/opportunities/$opportunityId" params={{ opportunityId: deal.id }}>
                  {deal.name}
                </Link>
                <small className={styles.soft}>
                  {[
                    where,
                    deal.expected_amount === null ? null : money(deal.expected_amount, deal.currency),
                    deal.owner.name,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </span>
            </li>
          )
        })}
      </ul>
      {opens && (
        <Button
          icon={<PlusOutlined aria-hidden />}
          onClick={() => sheets.open({ kind: 'new', customer: { id: customer.id, name: customer.name } })}
        >
          {t('opportunity.new')}
        </Button>
      )}
    </Card>
  )
}
