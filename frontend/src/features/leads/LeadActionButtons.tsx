import {
  BankOutlined,
  EditOutlined,
  StopOutlined,
  SwapOutlined,
  UndoOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import { ClaimButton } from '@/components/lead/ClaimButton'
import { useLeadSheets } from '@/components/lead/LeadSheets'

/** What this person may do with the lead now, as the server says. */
export function LeadActionButtons({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const sheets = useLeadSheets()
  const can = (action: Lead['actions'][number]): boolean => lead.actions.includes(action)
  return (
    <>
      {can('log_follow_up') && (
        <Button
          type="primary"
          icon={<EditOutlined aria-hidden />}
          onClick={() => sheets.open({ kind: 'log_follow_up', lead })}
        >
          {t('followUp.open')}
        </Button>
      )}
      {can('claim') && <ClaimButton leadId={lead.id} type="primary" />}
      {can('convert') && (
        <Button icon={<BankOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'convert', lead })}>
          {t('convert.open')}
        </Button>
      )}
      {can('take_over') && (
        <Button icon={<UserSwitchOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'take_over', lead })}>
          {t('takeOver.open')}
        </Button>
      )}
      {can('reassign') && (
        <Button icon={<SwapOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'reassign', lead })}>
          {t('reassign.open')}
        </Button>
      )}
      {can('disqualify') && (
        <Button icon={<StopOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'disqualify', lead })}>
          {t('disqualify.open')}
        </Button>
      )}
      {can('reopen') && (
        <Button icon={<UndoOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'reopen', lead })}>
          {t('reopen.open')}
        </Button>
      )}
    </>
  )
}
