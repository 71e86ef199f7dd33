import { EditOutlined, FormOutlined, InboxOutlined, UndoOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Customer } from '@/api/types'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'

export interface CustomerActionChoice {
  key: Customer['actions'][number]
  label: string
  icon: ReactNode
  run: () => void
}

/** What this person may do with the customer now, as the server says, in the order of use. */
export function useCustomerActions(customer: Customer): CustomerActionChoice[] {
  const { t } = useTranslation()
  const sheets = useCustomerSheets()
  const known: CustomerActionChoice[] = [
    {
      key: 'log_follow_up',
      label: t('followUp.open'),
      icon: <EditOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'log_follow_up', customer }),
    },
    {
      key: 'change',
      label: t('customer.edit'),
      icon: <FormOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'edit', customer }),
    },
    {
      key: 'archive',
      label: t('customer.archive'),
      icon: <InboxOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'archive', customer }),
    },
    {
      key: 'restore',
      label: t('customer.restore'),
      icon: <UndoOutlined aria-hidden />,
      run: () => sheets.open({ kind: 'restore', customer }),
    },
  ]
  return known.filter(({ key }) => customer.actions.includes(key))
}
