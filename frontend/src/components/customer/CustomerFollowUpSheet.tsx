import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { customerChanged, customerQuery } from '@/api/customers'
import type { TimelineEntry } from '@/api/types'
import { FollowUpSheet } from '@/components/followUp/FollowUpSheet'
import { placesOf } from '@/components/followUp/places'
import { useMetLast } from '@/components/followUp/useMetLast'
import type { Opening } from '@/components/sheetHost'
import type { NamedCustomer } from './CustomerSheets'

interface Props extends Opening {
  customer: NamedCustomer
  corrects?: TimelineEntry | undefined
}

export function CustomerFollowUpSheet({ customer, corrects, ...opening }: Props) {
  const { t } = useTranslation()
  const known = useQuery(customerQuery(customer.id))
  const metLast = useMetLast(customer.id)
  return (
    <FollowUpSheet
      {...opening}
      subject={{ type: 'customer', id: customer.id }}
      name={customer.name}
      contacts={known.data?.contacts.filter(({ is_active }) => is_active) ?? []}
      metLast={metLast}
      places={placesOf(t, known.data?.address)}
      saved={t('followUp.savedAgain')}
      feature="customer.follow_up"
      corrects={corrects}
      changed={customerChanged}
    />
  )
}
