import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Customer } from '@/api/types'
import { Facts } from '@/components/Facts'
import { sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'

const address = (website: string): string => (/^https?:\/\//i.test(website) ? website : `https://${website}`)

function facts(t: TFunction, customer: Customer): [string, ReactNode][] {
  return [
    [t('customer.fields.credit_code'), customer.credit_code],
    [t('customer.fields.address'), customer.address],
    [t('customer.fields.payment_terms'), customer.payment_terms],
    [
      t('customer.fields.website'),
      customer.website && (
        <a href={address(customer.website)} target="_blank" rel="noreferrer">
          {customer.website}
        </a>
      ),
    ],
    [t('customer.fields.source'), sourceWords(t, customer.source)],
    [t('customer.fields.region_id'), customer.region?.name],
    [t('customer.createdBy'), customer.created_by?.name],
    [t('customer.createdAt'), <Moment key="created" at={customer.created_at} />],
  ]
}

export function CustomerFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  return <Facts title={t('customer.detail')} facts={facts(t, customer)} />
}
