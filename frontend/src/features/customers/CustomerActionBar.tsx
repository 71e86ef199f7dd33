import { Button } from 'antd'
import type { Customer } from '@/api/types'
import styles from '@/components/ActionBar.module.css'
import { CallButton } from '@/components/CallButton'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { useCustomerActions } from './customerActions'

/** The phone's bar within reach of the thumb: call, then log or edit. */
export function CustomerActionBar({ customer }: { customer: Customer }) {
  const sheets = useCustomerSheets()
  const actions = useCustomerActions(customer)
  const logs = customer.actions.includes('log_follow_up')
  if (!customer.phone && actions.length === 0) return null
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
      {/* Words alone: with pictures three do not fit in English. */}
      {actions.map(({ key, label, run }) => (
        <Button key={key} size="large" onClick={run}>
          {label}
        </Button>
      ))}
    </div>
  )
}
