import { useTranslation } from 'react-i18next'
import { customerChanged, logCustomerFollowUp } from '@/api/customers'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import type { Opening } from '@/components/sheetHost'
import type { NamedCustomer } from './CustomerSheets'

export function CustomerFollowUpSheet({ customer, ...opening }: { customer: NamedCustomer } & Opening) {
  const { t } = useTranslation()
  return (
    <FollowUpSheet
      {...opening}
      name={customer.name}
      saved={t('followUp.savedAgain')}
      feature="customer.follow_up"
      log={(body, key) => logCustomerFollowUp(customer.id, body, key)}
      changed={customerChanged}
    />
  )
}
