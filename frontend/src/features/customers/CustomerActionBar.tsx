import { MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Customer } from '@/api/types'
import styles from '@/components/ActionBar.module.css'
import { CallButton } from '@/components/CallButton'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { useCustomerActions } from './customerActions'

/** So many fit with their words beside the call in either language, without pictures; of more only the first is shown. */
const MOST_WORDS = 2

/** The phone's bar within reach of the thumb: call, then log or edit. */
export function CustomerActionBar({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const sheets = useCustomerSheets()
  const actions = useCustomerActions(customer)
  const logs = customer.actions.includes('log_follow_up')
  if (!customer.phone && actions.length === 0) return null
  const shown = actions.length > MOST_WORDS ? 1 : actions.length
  const more = actions.slice(shown).map(({ key, label, run }) => ({ key, label, onClick: run }))
  return (
    <div className={styles.bar}>
      {customer.phone && (
        <CallButton
          phone={customer.phone}
          shows="word"
          size="large"
          {...(logs ? { onClick: () => sheets.open({ kind: 'log_follow_up', customer }) } : {})}
        />
      )}
      {actions.slice(0, shown).map(({ key, label, run }) => (
        <Button key={key} size="large" onClick={run}>
          {label}
        </Button>
      ))}
      {more.length > 0 && (
        <Dropdown menu={{ items: more }} trigger={['click']} placement="topRight">
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
