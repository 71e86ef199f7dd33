import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CustomerRef } from '@/api/types'

/** The work goes on on the customer's page. */
export function BelongsNotice({ customer }: { customer: CustomerRef }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="info"
      showIcon
      title={t('convert.belongs')}
      description={
        <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
          {`${customer.name} · ${customer.number}`}
        </Link>
      }
    />
  )
}
