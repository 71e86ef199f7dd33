import { Link, useNavigate } from '@tanstack/react-router'
import { Table, type TableProps } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { LeadCard } from '@/api/types'
import styles from '@/components/ListTable.module.css'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { PoolCountdown, SHOWN_WITHIN } from '@/components/lead/PoolCountdown'
import { Moment } from '@/components/Moment'
import type { Column } from '@/lib/leadSearch'
import { money } from '@/lib/money'
import { readablePhone } from '@/lib/phone'
import { placeName } from '@/lib/places'
import { DueCell } from '../DueCell'

type Columns = NonNullable<TableProps<LeadCard>['columns']>
const MOST_CHOSEN = 200
const BOX = 52

function columnsFor(t: TFunction): Record<Column, Columns[number]> {
  const soft = (words: string) => <span className={styles.soft}>{words}</span>
  return {
    company: {
      title: t('lead.company'),
      width: 240,
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
    contact: {
      title: t('lead.contact'),
      width: 150,
      render: (_, lead) => (
        <>
          {lead.contact_name}
          {lead.phone && <div className={`${styles.soft} figures`}>{readablePhone(lead.phone)}</div>}
        </>
      ),
    },
    place: {
      title: t('lead.place'),
      width: 120,
      render: (_, lead) => (
        <>
          {placeName(lead.province, lead.city)}
          <div className={styles.soft}>{sourceWords(t, lead.source)}</div>
        </>
      ),
    },
    source: { title: t('lead.source'), width: 110, render: (_, lead) => sourceWords(t, lead.source) },
    product_line: { title: t('lead.productLine'), width: 110, render: (_, lead) => lead.product_line },
    state: { title: t('lead.state'), width: 132, render: (_, lead) => <LeadStateTag state={lead.state} /> },
    owner: {
      title: t('lead.owner'),
      width: 124,
      render: (_, lead) => (
        <>
          {lead.owner?.name ?? soft(t('lead.noOwner'))}
          <PoolCountdown at={lead.returns_to_pool_at} within={SHOWN_WITHIN} />
        </>
      ),
    },
    region: { title: t('lead.region'), width: 110, render: (_, lead) => lead.region?.name },
    first_contact: { title: t('lead.firstContact'), width: 178, render: (_, lead) => <DueCell lead={lead} /> },
    received: { title: t('lead.received'), width: 130, render: (_, lead) => <Moment at={lead.received_at} /> },
    activity: {
      title: t('leads.columnNames.activity'),
      width: 150,
      render: (_, lead) => <Moment at={lead.last_activity_at} />,
    },
    next_step: {
      title: t('lead.nextStep'),
      width: 160,
      render: (_, lead) => (
        <>
          {lead.next_step_at && <Moment at={lead.next_step_at} />}
          {lead.next_step && <div className={styles.soft}>{lead.next_step}</div>}
        </>
      ),
    },
    amount: {
      title: t('lead.amount'),
      width: 140,
      align: 'right',
      render: (_, lead) => lead.expected_amount && money(lead.expected_amount, lead.currency),
    },
    returns: {
      title: t('leads.columnNames.returns'),
      width: 150,
      render: (_, lead) => <PoolCountdown at={lead.returns_to_pool_at} />,
    },
  }
}

interface Props {
  leads: LeadCard[]
  columns: Column[]
  chosen: string[]
  onChoose: (ids: string[]) => void
}

/** The list on the PC: the whole row opens the lead; the name is the link for the keyboard, the box chooses. */
export function LeadTable({ leads, columns, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const all = columnsFor(t)
  const minWidth = columns.reduce((width, key) => width + Number(all[key].width), BOX)
  return (
    <div className={styles.frame}>
      <Table<LeadCard>
        className={styles.table}
        rowKey="id"
        columns={columns.map((key) => ({ key, ...all[key] }))}
        dataSource={leads}
        pagination={false}
        tableLayout="fixed"
        style={{ minWidth }}
        rowSelection={{
          selectedRowKeys: chosen,
          columnWidth: BOX,
          onChange: (keys) => onChoose(keys.map(String).slice(0, MOST_CHOSEN)),
          getCheckboxProps: (lead) => ({ 'aria-label': t('bulk.choose', { name: leadName(t, lead) }) }),
          getTitleCheckboxProps: () => ({ 'aria-label': t('bulk.chooseAll') }),
          onCell: () => ({ onClick: (event) => event.stopPropagation() }),
        }}
        onRow={(lead) => ({ onClick: () => void navigate({ to: '/leads/$leadId', params: { leadId: lead.id } }) })}
      />
    </div>
  )
}
