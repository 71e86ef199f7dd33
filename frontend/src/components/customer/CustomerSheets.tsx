import { lazy } from 'react'
import type { Contact, Customer, TimelineEntry } from '@/api/types'
import { type Opening, sheetHost } from '@/components/sheetHost'

const CustomerFollowUpSheet = lazy(() =>
  import('./CustomerFollowUpSheet').then((module) => ({ default: module.CustomerFollowUpSheet })),
)
const NewCustomerSheet = lazy(() =>
  import('./NewCustomerSheet').then((module) => ({ default: module.NewCustomerSheet })),
)
const EditCustomerSheet = lazy(() =>
  import('./EditCustomerSheet').then((module) => ({ default: module.EditCustomerSheet })),
)
const ContactSheet = lazy(() => import('./ContactSheet').then((module) => ({ default: module.ContactSheet })))
const AskSupportSheet = lazy(() =>
  import('@/components/support/AskSupportSheet').then((module) => ({ default: module.AskSupportSheet })),
)
const ArchiveSheet = lazy(() => import('./ArchiveSheet').then((module) => ({ default: module.ArchiveSheet })))

export interface NamedCustomer {
  id: string
  name: string
}

type Opened =
  | { kind: 'log_follow_up'; customer: NamedCustomer; corrects?: TimelineEntry }
  | { kind: 'new' }
  | { kind: 'edit'; customer: Customer }
  | { kind: 'contact'; customer: NamedCustomer; contact: Contact | null }
  | { kind: 'ask_support'; customer: NamedCustomer }
  | { kind: 'archive' | 'restore'; customer: NamedCustomer }

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  switch (what.kind) {
    case 'log_follow_up':
      return <CustomerFollowUpSheet customer={what.customer} corrects={what.corrects} {...opening} />
    case 'new':
      return <NewCustomerSheet {...opening} />
    case 'edit':
      return <EditCustomerSheet customer={what.customer} {...opening} />
    case 'contact':
      return <ContactSheet customer={what.customer} contact={what.contact} {...opening} />
    case 'ask_support':
      return <AskSupportSheet record={{ customer_id: what.customer.id }} name={what.customer.name} {...opening} />
    default:
      return <ArchiveSheet customer={what.customer} restores={what.kind === 'restore'} {...opening} />
  }
}

export const { Host: CustomerSheetsHost, useSheets: useCustomerSheets } = sheetHost<Opened>(OpenSheet)
