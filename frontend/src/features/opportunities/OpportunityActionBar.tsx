import { Button } from 'antd'
import type { Opportunity } from '@/api/types'
import styles from '@/components/ActionBar.module.css'
import { CallButton } from '@/components/CallButton'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { useOpportunityActions } from './opportunityActions'

/** The phone's bar within reach of the thumb: call, log, move. */
export function OpportunityActionBar({ deal }: { deal: Opportunity }) {
  const sheets = useOpportunitySheets()
  const actions = useOpportunityActions(deal)
  const phone = deal.contact?.phone
  if (!phone && actions.length === 0) return null
  return (
    <div className={styles.bar}>
      {phone && (
        <CallButton
          phone={phone}
          shows="word"
          size="large"
          onClick={() => deal.actions.includes('log_follow_up') && sheets.open({ kind: 'log_follow_up', deal })}
        />
      )}
      {actions.map(({ key, label, run }) => (
        <Button key={key} size="large" type={key === 'move' ? 'primary' : 'default'} onClick={run}>
          {label}
        </Button>
      ))}
    </div>
  )
}
