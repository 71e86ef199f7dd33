import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '@/api/client'
import { peopleKeys } from '@/api/people'
import { newerState } from '@/api/problem'
import type { Person } from '@/api/types'
import { CardSkeletons, ErrorState } from '@/components/states'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { changePerson, createPerson, personQuery } from './api'
import { ConflictNotice } from './ConflictNotice'
import { DeactivateButton } from './DeactivateButton'
import styles from './PersonForm.module.css'
import { PersonFormFields } from './PersonFormFields'
import { type PersonFields, toCreate, toFields, toPatch } from './personForm'

const NEW: PersonFields = { name: '', roles: [], takes_leads: true, product_lines: [], languages: [] }

export function PersonForm({ person, onDone }: { person: Person | null; onDone: () => void }) {
  return person ? <LoadedForm id={person.id} onDone={onDone} /> : <NewPersonForm onDone={onDone} />
}

function LoadedForm({ id, onDone }: { id: string; onDone: () => void }) {
  const person = useQuery({ ...personQuery(id), refetchOnWindowFocus: false })
  if (person.isPending) return <CardSkeletons count={3} />
  if (person.isError) return <ErrorState error={person.error} onRetry={() => void person.refetch()} />
  return <EditPersonForm loaded={person.data} onDone={onDone} />
}

function NewPersonForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<PersonFields>()
  const [key] = useState(newKey)
  const save = useMutation({
    mutationFn: (fields: PersonFields) => createPerson(toCreate(fields), key),
    onSuccess: (person) => {
      void message.success(t('people.created', { name: person.name }))
      onDone()
      return client.invalidateQueries({ queryKey: peopleKeys.all })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={NEW}
      scrollToFirstError={{ focus: true }}
      onFinish={(fields) => save.mutate(fields)}
    >
      <PersonFormFields isNew />
      <div className={styles.foot}>
        <Button type="primary" size="large" block htmlType="submit" loading={save.isPending}>
          {t('people.add')}
        </Button>
      </div>
    </Form>
  )
}

function EditPersonForm({ loaded, onDone }: { loaded: Versioned<Person>; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<PersonFields>()
  const [base, setBase] = useState(loaded)
  const [theirs, setTheirs] = useState<Person | null>(null)
  const save = useMutation({
    mutationFn: ({ fields, on }: { fields: PersonFields; on: Versioned<Person> }) =>
      changePerson(on.value.id, toPatch(toFields(on.value), fields), on.etag),
    onSuccess: () => {
      void message.success(t('common.saved'))
      onDone()
      return client.invalidateQueries({ queryKey: peopleKeys.all })
    },
    onError: (error) => {
      const current = newerState<Person>(error)
      if (current) setTheirs(current)
      else showProblem(form, message, t, error)
    },
  })
  const rebase = (current: Person): Versioned<Person> => {
    const next = { value: current, etag: `"v${current.version}"` }
    setBase(next)
    setTheirs(null)
    return next
  }
  const read = (): PersonFields => form.getFieldsValue(true)
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toFields(loaded.value)}
      scrollToFirstError={{ focus: true }}
      onFinish={() => save.mutate({ fields: read(), on: base })}
    >
      {theirs && (
        <ConflictNotice
          mine={read()}
          theirs={theirs}
          onTakeTheirs={() => form.setFieldsValue(toFields(rebase(theirs).value))}
          onKeepMine={() => save.mutate({ fields: read(), on: rebase(theirs) })}
        />
      )}
      <PersonFormFields supervisor={base.value.supervisor} />
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending} disabled={theirs !== null}>
          {t('common.save')}
        </Button>
        {base.value.is_active && <DeactivateButton person={base.value} onDone={onDone} />}
      </div>
    </Form>
  )
}
