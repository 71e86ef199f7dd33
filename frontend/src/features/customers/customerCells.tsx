import type { TFunction } from 'i18next'
import type { CustomerCard } from '@/api/types'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import { contactName } from '@/components/customer/changeWords'
import { sourceWords } from '@/components/lead/leadWords'
import type { Column } from '@/components/list/description'
import { TwoLines } from '@/components/list/TwoLines'
import { Moment } from '@/components/Moment'
import type { CustomerColumn } from '@/lib/customerSearch'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import styles from './customerCells.module.css'

type Cell = (t: TFunction) => Column<CustomerCard>

export const CUSTOMER_CELLS: Record<Exclude<CustomerColumn, 'name'>, Cell> = {
  contact: (t) => ({
    width: 160,
    render: (_, customer) => (
      <TwoLines second={customer.phone && <span className="figures">{readablePhone(customer.phone)}</span>}>
        {contactName(t, customer.contact)}
      </TwoLines>
    ),
  }),
  place: () => ({
    width: 140,
    render: (_, customer) => (
      <TwoLines second={customer.industry}>{placeName(customer.province, customer.city)}</TwoLines>
    ),
  }),
  industry: () => ({ width: 130, render: (_, customer) => customer.industry }),
  state: () => ({
    width: 150,
    render: (_, customer) => (
      <span className={styles.marks}>
        <CustomerMarks customer={customer} />
      </span>
    ),
  }),
  owner: () => ({
    width: 120,
    render: (_, customer) => <TwoLines second={customer.backup_owner?.name}>{customer.owner.name}</TwoLines>,
  }),
  backup: () => ({ width: 120, render: (_, customer) => customer.backup_owner?.name }),
  region: () => ({ width: 96, render: (_, customer) => customer.region?.name }),
  source: (t) => ({ width: 110, render: (_, customer) => sourceWords(t, customer.source) }),
  tags: (t) => ({ width: 150, render: (_, customer) => customer.tags.join(t('common.listSeparator')) }),
  credit_code: () => ({
    width: 200,
    render: (_, customer) => <span className="figures">{customer.credit_code}</span>,
  }),
  activity: () => ({ width: 150, render: (_, customer) => <Moment at={customer.last_activity_at} /> }),
  next_step: () => ({
    width: 170,
    render: (_, customer) => (
      <TwoLines second={customer.next_step}>{customer.next_step_at && <Moment at={customer.next_step_at} />}</TwoLines>
    ),
  }),
  created: () => ({ width: 150, render: (_, customer) => <Moment at={customer.created_at} /> }),
}
