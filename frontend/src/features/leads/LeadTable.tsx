import { Link, useNavigate } from '@tanstack/react-router'
import { Table, type TableProps } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { LeadCard } from '@/api/types'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import { DueCell } from './DueCell'
import styles from './LeadTable.module.css'

function columns(t: TFunction): TableProps<LeadCard>['columns'] {
  return [
    {
      key: 'company',
      title: t('lead.company'),
      render: (_, lead) => (
        <>
          <Link
            to="/leads/$leadId"
            params={{ leadId: lead.id }}
            className={styles.name}
            onClick={(event) => event.stopPropagation()}
          >
            {leadName(t, lead)}
          </Link>
          <div className={styles.soft}>{lead.number}</div>
        </>
      ),
    },
    {
      key: 'contact',
      title: t('lead.contact'),
      width: 164,
      render: (_, lead) => (
        <>
          {lead.contact_name}
          {lead.phone && <div className={`${styles.soft} figures`}>{readablePhone(lead.phone)}</div>}
        </>
      ),
    },
    {
      key: 'place',
      title: t('lead.place'),
      width: 130,
      render: (_, lead) => (
        <>
          {placeName(lead.province, lead.city)}
          <div className={styles.soft}>{sourceWords(t, lead.source)}</div>
        </>
      ),
    },
    { key: 'state', title: t('lead.state'), width: 132, render: (_, lead) => <LeadStateTag state={lead.state} /> },
    {
      key: 'owner',
      title: t('lead.owner'),
      width: 96,
      render: (_, lead) => lead.owner?.name ?? <span className={styles.soft}>{t('lead.noOwner')}</span>,
    },
    { key: 'due', title: t('lead.firstContact'), width: 190, render: (_, lead) => <DueCell lead={lead} /> },
    { key: 'received', title: t('lead.received'), width: 150, render: (_, lead) => <Moment at={lead.received_at} /> },
  ]
}

/** The list on the PC: the whole row opens the lead; the name is the link for the keyboard. */
export function LeadTable({ leads }: { leads: LeadCard[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Table<LeadCard>
      className={styles.table}
      rowKey="id"
      columns={columns(t)}
      dataSource={leads}
      pagination={false}
      tableLayout="fixed"
      onRow={(lead) => ({ onClick: () => void navigate({ to: '/leads/$leadId', params: { leadId: lead.id } }) })}
    />
  )
}
