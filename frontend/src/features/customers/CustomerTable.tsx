import { Link, useNavigate } from '@tanstack/react-router'
import { Table, type TableProps } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CustomerCard } from '@/api/types'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import styles from '@/components/ListTable.module.css'
import { sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'
import type { CustomerColumn } from '@/lib/customerSearch'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import marks from './CustomerTable.module.css'

type Columns = NonNullable<TableProps<CustomerCard>['columns']>
const MOST_CHOSEN = 200
const BOX = 52

function columnsFor(t: TFunction): Record<CustomerColumn, Columns[number]> {
  const title = (column: CustomerColumn): string => t(`customer.columnNames.${column}`)
  return {
    name: {
      title: title('name'),
      width: 260,
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
    contact: {
      title: title('contact'),
      width: 160,
      render: (_, customer) => (
        <>
          {customer.contact}
          {customer.phone && <div className={`${styles.soft} figures`}>{readablePhone(customer.phone)}</div>}
        </>
      ),
    },
    place: {
      title: title('place'),
      width: 140,
      render: (_, customer) => (
        <>
          {placeName(customer.province, customer.city)}
          <div className={styles.soft}>{customer.industry}</div>
        </>
      ),
    },
    industry: { title: title('industry'), width: 130, render: (_, customer) => customer.industry },
    state: {
      title: title('state'),
      width: 150,
      render: (_, customer) => (
        <span className={marks.marks}>
          <CustomerMarks customer={customer} />
        </span>
      ),
    },
    owner: {
      title: title('owner'),
      width: 120,
      render: (_, customer) => (
        <>
          {customer.owner.name}
          {customer.backup_owner && <div className={styles.soft}>{customer.backup_owner.name}</div>}
        </>
      ),
    },
    backup: { title: title('backup'), width: 120, render: (_, customer) => customer.backup_owner?.name },
    region: { title: title('region'), width: 96, render: (_, customer) => customer.region?.name },
    source: { title: title('source'), width: 110, render: (_, customer) => sourceWords(t, customer.source) },
    tags: { title: title('tags'), width: 150, render: (_, customer) => customer.tags.join(t('common.listSeparator')) },
    credit_code: {
      title: title('credit_code'),
      width: 200,
      render: (_, customer) => <span className="figures">{customer.credit_code}</span>,
    },
    activity: {
      title: title('activity'),
      width: 150,
      render: (_, customer) => <Moment at={customer.last_activity_at} />,
    },
    next_step: {
      title: title('next_step'),
      width: 170,
      render: (_, customer) => (
        <>
          {customer.next_step_at && <Moment at={customer.next_step_at} />}
          {customer.next_step && <div className={styles.soft}>{customer.next_step}</div>}
        </>
      ),
    },
    created: { title: title('created'), width: 150, render: (_, customer) => <Moment at={customer.created_at} /> },
  }
}

interface Props {
  customers: CustomerCard[]
  columns: CustomerColumn[]
  chosen: string[]
  onChoose: (ids: string[]) => void
}

/** The list on the PC: the whole row opens the customer; the name is the link for the keyboard, the box chooses. */
export function CustomerTable({ customers, columns, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const all = columnsFor(t)
  const minWidth = columns.reduce((width, key) => width + Number(all[key].width), BOX)
  return (
    <div className={styles.frame}>
      <Table<CustomerCard>
        className={styles.table}
        rowKey="id"
        columns={columns.map((key) => ({ key, ...all[key] }))}
        dataSource={customers}
        pagination={false}
        tableLayout="fixed"
        style={{ minWidth }}
        rowSelection={{
          selectedRowKeys: chosen,
          columnWidth: BOX,
          onChange: (keys) => onChoose(keys.map(String).slice(0, MOST_CHOSEN)),
          getCheckboxProps: (customer) => ({ 'aria-label': t('bulk.choose', { name: customer.name }) }),
          getTitleCheckboxProps: () => ({ 'aria-label': t('bulk.chooseAll') }),
          onCell: () => ({ onClick: (event) => event.stopPropagation() }),
        }}
        onRow={({ id }) => ({
          onClick: () => void navigate({ to: '/customers/$customerId', params: { customerId: id } }),
        })}
      />
    </div>
  )
}
