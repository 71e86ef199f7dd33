import { EditOutlined, MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import styles from '@/components/ActionBar.module.css'
import { CallButton } from '@/components/CallButton'
import { ClaimButton } from '@/components/lead/ClaimButton'
import { useLeadSheets } from '@/components/lead/LeadSheets'

/** Two with their words are what a phone has room for in either language. */
const MOST_WORDS = 2

/** The phone's bar within reach of the thumb: call, then log; the rest under "more". */
export function LeadActionBar({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const sheets = useLeadSheets()
  const logs = lead.actions.includes('log_follow_up')
  const claims = lead.actions.includes('claim')
  const more = (['convert', 'take_over', 'reassign', 'disqualify', 'reopen'] as const).filter((action) =>
    lead.actions.includes(action),
  )
  if (!lead.phone && !logs && !claims && more.length === 0) return null
  const words = {
    convert: t('convert.open'),
    take_over: t('takeOver.open'),
    reassign: t('reassign.open'),
    disqualify: t('disqualify.open'),
    reopen: t('reopen.open'),
  }
  const items = more.map((kind) => ({
    key: kind,
    label: words[kind],
    onClick: () => sheets.open({ kind, lead }),
  }))
  const first = [lead.phone, claims, logs].filter(Boolean).length
  const isWordy = items.length === 1 && first < MOST_WORDS
  return (
    <div className={styles.bar}>
      {lead.phone && (
        <CallButton
          phone={lead.phone}
          shows="word"
          size="large"
          {...(logs ? { onClick: () => sheets.open({ kind: 'log_follow_up', lead }) } : {})}
        />
      )}
      {claims && <ClaimButton leadId={lead.id} size="large" type="primary" />}
      {logs && (
        <Button
          size="large"
          icon={<EditOutlined aria-hidden />}
          onClick={() => sheets.open({ kind: 'log_follow_up', lead })}
        >
          {t('followUp.open')}
        </Button>
      )}
      {isWordy && (
        <Button size="large" onClick={items[0]?.onClick}>
          {items[0]?.label}
        </Button>
      )}
      {items.length > 0 && !isWordy && (
        <Dropdown menu={{ items }} trigger={['click']} placement="topRight">
          <Button
            size="large"
            className={styles.more}
            icon={<MoreOutlined aria-hidden />}
            aria-label={t('common.more')}
          />
        </Dropdown>
      )}
    </div>
  )
}
