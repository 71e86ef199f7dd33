import { CheckCircleOutlined, CoffeeOutlined, StopOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Person } from '@/api/types'
import { Avatar } from '@/components/Avatar'
import { asLanguage } from '@/i18n/i18n'
import { rolesQuery } from './api'
import styles from './PeoplePage.module.css'

interface Props {
  people: Person[]
  onOpen: (person: Person) => void
}

function useRoleWords(): (codes: string[]) => string {
  const { t, i18n } = useTranslation()
  const roles = useQuery(rolesQuery)
  const isEnglish = asLanguage(i18n.language) === 'en'
  const names = new Map(roles.data?.items.map((role) => [role.code, isEnglish ? role.name_en : role.name_zh]))
  return (codes) => (roles.data ? codes.map((code) => names.get(code) ?? code).join(t('common.listSeparator')) : '')
}

const STATUS_ICONS = {
  active: <CheckCircleOutlined />,
  onLeave: <CoffeeOutlined />,
  inactive: <StopOutlined />,
} as const

function StatusTag({ person }: { person: Person }) {
  const { t } = useTranslation()
  const status = !person.is_active ? 'inactive' : person.on_leave ? 'onLeave' : 'active'
  return (
    <span className={`${styles.status} ${styles[status]}`}>
      <span aria-hidden>{STATUS_ICONS[status]}</span> {t(`people.${status}`)}
    </span>
  )
}

export function PeopleTable({ people, onOpen }: Props) {
  const { t } = useTranslation()
  const roleWords = useRoleWords()
  return (
    <Table<Person>
      className={styles.table}
      rowKey="id"
      dataSource={people}
      pagination={false}
      tableLayout="fixed"
      columns={[
        {
          key: 'name',
          title: t('people.name'),
          render: (_, person) => (
            <div className={styles.who}>
              <Avatar name={person.name} size={36} />
              <div>
                <button type="button" className={styles.name} onClick={() => onOpen(person)}>
                  {person.name}
                </button>
                <span className={styles.soft}> {person.login}</span>
              </div>
            </div>
          ),
        },
        { key: 'roles', title: t('people.roles'), render: (_, person) => roleWords(person.roles) },
        { key: 'region', title: t('people.region'), width: 150, render: (_, person) => person.region?.name },
        {
          key: 'supervisor',
          title: t('people.supervisor'),
          width: 140,
          render: (_, person) => person.supervisor?.name,
        },
        {
          key: 'mobile',
          title: t('people.mobile'),
          width: 150,
          render: (_, person) => <span className="figures">{person.mobile}</span>,
        },
        { key: 'status', title: t('people.status'), width: 120, render: (_, person) => <StatusTag person={person} /> },
      ]}
    />
  )
}

export function PeopleCards({ people, onOpen }: Props) {
  const roleWords = useRoleWords()
  return (
    <ul className={styles.cards}>
      {people.map((person) => (
        <li key={person.id} className={styles.card}>
          <Avatar name={person.name} size={44} />
          <div className={styles.grow}>
            <button type="button" className={styles.name} onClick={() => onOpen(person)}>
              {person.name}
            </button>
            <p className={styles.soft}>{[roleWords(person.roles), person.region?.name].filter(Boolean).join(' · ')}</p>
          </div>
          <StatusTag person={person} />
        </li>
      ))}
    </ul>
  )
}
