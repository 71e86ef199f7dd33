import type { LeadCard } from '@/api/types'
import { ClaimButton } from '@/components/lead/ClaimButton'
import { isInPool } from '@/components/lead/leadWords'
import styles from '@/components/list/ListCards.module.css'
import { may, useMe } from '@/lib/session'

/** On a card of the pool: take it. */
export function ClaimAction({ item }: { item: LeadCard }) {
  const me = useMe()
  if (!isInPool(item) || !may(me, 'lead.claim')) return null
  return (
    <div className={styles.action}>
      <ClaimButton leadId={item.id} />
    </div>
  )
}
