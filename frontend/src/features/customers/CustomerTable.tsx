import { Link, useNavigate } from '@tanstack/react-router'
import { Table, type TableProps } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CustomerCard } from '@/api/types'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import styles from '@/components/ListTable.module.css'
import { Moment } from '@/components/Moment'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import marks from './CustomerTable.module.css'

function columns(t: TFunction): TableProps<CustomerCard>['columns'] {
  return [
    {
      key: 'name',
      title: t('customer.fields.name'),
      render: (_, customer) => (
        <>
          <Link
            to="/customers/$customerId"
            params={{ customerId: customer.id }}
            className={styles.name}
            onClick={(event) => event.stopPropagation()}
          >
            {customer.name}
          </Link>
          <div className={styles.soft}>{customer.number}</div>
        </>
      ),
    },
    {
      key: 'contact',
      title: t('customer.firstContact'),
      width: 164,
      render: (_, customer) => (
        <>
          {customer.contact}
          {customer.phone && <div className={`${styles.soft} figures`}>{readablePhone(customer.phone)}</div>}
        </>
      ),
    },
    {
      key: 'place',
      title: t('customer.place'),
      width: 150,
      render: (_, customer) => (
        <>
          {placeName(customer.province, customer.city)}
          <div className={styles.soft}>{customer.industry}</div>
        </>
      ),
    },
    {
      key: 'marks',
      title: t('customer.filter'),
      width: 170,
      render: (_, customer) => (
        <span className={marks.marks}>
          <CustomerMarks customer={customer} />
        </span>
      ),
    },
    {
      key: 'owner',
      title: t('customer.fields.owner_id'),
      width: 130,
      render: (_, customer) => (
        <>
          {customer.owner.name}
          {customer.backup_owner && <div className={styles.soft}>{customer.backup_owner.name}</div>}
        </>
      ),
    },
    { key: 'region', title: t('customer.fields.region_id'), width: 96, render: (_, one) => one.region?.name },
    {
      key: 'activity',
      title: t('customer.lastActivity'),
      width: 150,
      render: (_, customer) => <Moment at={customer.last_activity_at} />,
    },
  ]
}

/** The list on the PC: the whole row opens the customer; the name is the link for the keyboard. */
export function CustomerTable({ customers }: { customers: CustomerCard[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Table<CustomerCard>
      className={styles.table}
      rowKey="id"
      columns={columns(t)}
      dataSource={customers}
      pagination={false}
      tableLayout="fixed"
      onRow={({ id }) => ({
        onClick: () => void navigate({ to: '/customers/$customerId', params: { customerId: id } }),
      })}
    />
  )
}
