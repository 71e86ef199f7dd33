import { ToolOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dealSupportQuery } from '@/api/support'
import type { Opportunity } from '@/api/types'
import { Card } from '@/components/Card'
import { Countdown } from '@/components/Countdown'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import styles from '@/components/support/Support.module.css'
import { SupportStateTag } from '@/components/support/SupportStateTag'
import { may, useMe } from '@/lib/session'

/** What engineers were asked for this deal, and the way to ask. */
export function SupportCard({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation()
  const me = useMe()
  const sheets = useOpportunitySheets()
  const support = useQuery(dealSupportQuery(deal.id))
  const asks = may(me, 'support.ask') && deal.actions.includes('log_follow_up') && deal.state !== 'lost'
  const items = support.data?.items ?? []
  if (items.length === 0 && !asks) return null
  return (
    <Card title={t('support.title')}>
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.id}>
            <div className={styles.top}>
              <Link to="/support/$requestId" params={{ requestId: one.id }}>
                {one.engineer.name}
              </Link>
              <SupportStateTag request={one} />
            </div>
            <p className={styles.pre}>{one.need}</p>
            {one.state === 'asked' && <Countdown dueAt={one.due_at} />}
          </li>
        ))}
      </ul>
      {asks && (
        <Button icon={<ToolOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'ask_support', deal })}>
          {t('support.ask')}
        </Button>
      )}
    </Card>
  )
}
