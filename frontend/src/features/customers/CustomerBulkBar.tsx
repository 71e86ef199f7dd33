import { InboxOutlined, SwapOutlined, TeamOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { changeCustomers, customerChanged } from '@/api/customers'
import type { CustomerCard, CustomersChange } from '@/api/types'
import { BulkBar, type BulkChoice } from '@/components/list/BulkBar'
import type { BulkProps } from '@/components/list/description'
import { may, useMe } from '@/lib/session'
import { CustomerBulkSheet } from './CustomerBulkSheet'

const CHOICES = [
  ['assign_owner', 'customer.change', <SwapOutlined key="icon" aria-hidden />],
  ['assign_backup', 'customer.change', <TeamOutlined key="icon" aria-hidden />],
  ['archive', 'customer.archive', <InboxOutlined key="icon" aria-hidden />],
] as const

/** Another owner or backup waits for the superior of each. */
export function CustomerBulkBar({ items, onDone }: BulkProps<CustomerCard>) {
  const { t } = useTranslation()
  const me = useMe()
  const choices: BulkChoice<CustomersChange>[] = CHOICES.filter(([, permission]) => may(me, permission)).map(
    ([action, , icon]) => ({ action, label: t(`customer.bulk.${action}`), icon }),
  )
  return (
    <BulkBar<CustomersChange>
      feature="customers"
      chosen={items}
      choices={choices}
      Sheet={CustomerBulkSheet}
      change={changeCustomers}
      said={(action, count) => t(`customer.bulk.done.${action}`, { count })}
      changed={customerChanged}
      onDone={onDone}
    />
  )
}
