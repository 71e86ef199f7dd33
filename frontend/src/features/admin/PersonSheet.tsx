import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Person } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { DeputiesTab } from './DeputiesTab'
import { LeaveTab } from './LeaveTab'
import { PersonForm } from './PersonForm'

const TABLES = ['person', 'person_role', 'person_leave', 'deputy'] as const

interface Props {
  /** Null: a new person. */
  person: Person | null
  open: boolean
  onClose: () => void
}

export function PersonSheet({ person, open, onClose }: Props) {
  const { t } = useTranslation()
  const title = person ? `${t('people.edit')} · ${person.name}` : t('people.add')
  return (
    <Sheet open={open} onClose={onClose} title={title} phoneHeight="full" width={600} keepsOnOutsideTap>
      {person ? (
        <Tabs
          items={[
            {
              key: 'profile',
              label: t('people.tabProfile'),
              children: <PersonForm person={person} onDone={onClose} />,
            },
            { key: 'leave', label: t('people.tabLeave'), children: <LeaveTab personId={person.id} /> },
            { key: 'deputies', label: t('people.tabDeputies'), children: <DeputiesTab person={person} /> },
            { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={person.id} /> },
          ]}
        />
      ) : (
        <PersonForm person={null} onDone={onClose} />
      )}
    </Sheet>
  )
}
