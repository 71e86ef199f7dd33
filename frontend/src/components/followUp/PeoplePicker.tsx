import { PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '@/api/types'
import { CheckChips } from '@/components/CheckChips'
import { contactName } from '@/components/customer/changeWords'
import styles from './FollowUpSheet.module.css'
import { NOBODY, type People } from './followUpFields'

interface Props {
  contacts: Pick<Contact, 'id' | 'name' | 'role'>[]
  /** Names that are known without being contacts. */
  known: string[]
  value?: People
  onChange?: (people: People) => void
  id?: string
}

/** Who took part: contacts as chips, others by name. */
export function PeoplePicker({ contacts, known, value = NOBODY, onChange, id }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const names = [...new Set([...known, ...value.others.map(({ name }) => name)])]
  const choices = [
    ...contacts.map((one) => ({
      value: one.id,
      label: `${contactName(t, one.name)} · ${t(`contact.roles.${one.role}`)}`,
    })),
    ...names.map((name) => ({ value: `name:${name}`, label: name })),
  ]
  const chosen = [...value.contacts, ...value.others.map(({ name }) => `name:${name}`)]
  const choose = (keys: string[]): void => {
    const isIn = (name: string): boolean => value.others.find((one) => one.name === name)?.is_in_chain ?? false
    const picked = keys.filter((key) => key.startsWith('name:')).map((key) => key.slice(5))
    onChange?.({
      contacts: keys.filter((key) => !key.startsWith('name:')),
      others: picked.map((name) => ({ name, is_in_chain: isIn(name) })),
    })
  }
  const add = (): void => {
    const name = typed?.trim()
    if (name && !names.includes(name)) onChange?.({ ...value, others: [...value.others, { name, is_in_chain: false }] })
    setTyped(null)
  }
  const mark = (name: string, is_in_chain: boolean): void =>
    onChange?.({ ...value, others: value.others.map((one) => (one.name === name ? { name, is_in_chain } : one)) })
  return (
    <div id={id} className={styles.people}>
      <CheckChips label={t('followUp.people')} choices={choices} value={chosen} onChange={choose}>
        {typed === null && (
          <Button icon={<PlusOutlined aria-hidden />} className={styles.add ?? ''} onClick={() => setTyped('')}>
            {t('followUp.otherPerson')}
          </Button>
        )}
      </CheckChips>
      {typed !== null && (
        <Input
          autoFocus
          aria-label={t('followUp.otherName')}
          placeholder={t('followUp.otherName')}
          maxLength={50}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={add}
          onPressEnter={(event) => {
            event.preventDefault()
            add()
          }}
        />
      )}
      {value.others.map(({ name, is_in_chain }) => (
        <Checkbox key={name} checked={is_in_chain} onChange={(event) => mark(name, event.target.checked)}>
          {t('followUp.inChain', { name })}
        </Checkbox>
      ))}
    </div>
  )
}
