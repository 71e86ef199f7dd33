import { CheckCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Opportunity } from '@/api/types'
import { Card } from '@/components/Card'
import { MissingList } from '@/components/opportunity/MissingList'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import styles from './WayCard.module.css'

/** What stands between the deal and its next stage, before anybody tries to move it. */
export function WayCard({ deal }: { deal: Opportunity }) {
  const { t, i18n } = useTranslation()
  const sheets = useOpportunitySheets()
  const next = deal.ways.find(({ move }) => move === 'forward' || move === 'won')
  if (!next || !deal.actions.includes('move')) return null
  const stage = stageName(next.stage, asLanguage(i18n.language))
  return (
    <Card title={t('opportunity.toNext', { stage })}>
      {next.missing.length > 0 ? (
        <MissingList deal={deal} missing={next.missing} />
      ) : (
        <div className={styles.free}>
          <span className={styles.words}>
            <CheckCircleOutlined aria-hidden /> {t('board.free')}
          </span>
          <Button onClick={() => sheets.open({ kind: 'move', id: deal.id, name: deal.name, stage: next.stage.key })}>
            {t('board.confirm', { stage })}
          </Button>
        </div>
      )}
    </Card>
  )
}
