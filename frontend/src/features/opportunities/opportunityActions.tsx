import { EditOutlined, FormOutlined, SwapOutlined, UndoOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Opportunity, OpportunityAction } from '@/api/types'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'

export interface OpportunityActionChoice {
  key: OpportunityAction
  label: string
  icon: ReactNode
  run: () => void
}

/** What this person may do with the opportunity now, as the server says, in the order of use. */
export function useOpportunityActions(deal: Opportunity): OpportunityActionChoice[] {
  const { t } = useTranslation()
  const sheets = useOpportunitySheets()
  const move = (): void => sheets.open({ kind: 'move', id: deal.id, name: deal.name })
  const known: OpportunityActionChoice[] = [
    {
      key: 'log_follow_up',
      label: t('followUp.open'),
      icon: <EditOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'log_follow_up', deal }),
    },
    { key: 'move', label: t('board.move'), icon: <SwapOutlined aria-hidden />, run: move },
    {
      key: 'change',
      label: t('common.edit'),
      icon: <FormOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'edit', deal }),
    },
    { key: 'reopen', label: t('opportunity.reopen'), icon: <UndoOutlined aria-hidden />, run: move },
  ]
  return known.filter(({ key }) => deal.actions.includes(key))
}
