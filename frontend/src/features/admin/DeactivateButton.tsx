import { StopOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { peopleKeys } from '@/api/people'
import type { Person } from '@/api/types'
import { sayProblem } from '@/lib/formProblem'
import { deactivatePerson } from './api'

export function DeactivateButton({ person, onDone }: { person: Person; onDone: () => void }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const deactivate = async (): Promise<void> => {
    try {
      await deactivatePerson(person.id)
      void message.success(t('people.deactivated'))
      onDone()
      await client.invalidateQueries({ queryKey: peopleKeys.all })
    } catch (error) {
      sayProblem(message, t, error)
    }
  }
  const ask = (): void => {
    modal.confirm({
      title: t('people.deactivateAsk', { name: person.name }),
      content: t('people.deactivateHelp'),
      okText: t('people.deactivate'),
      okButtonProps: { danger: true },
      onOk: deactivate,
    })
  }
  return (
    <Button danger type="text" size="large" icon={<StopOutlined aria-hidden />} onClick={ask}>
      {t('people.deactivate')}
    </Button>
  )
}
