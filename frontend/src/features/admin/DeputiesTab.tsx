import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { peopleKeys } from '@/api/people'
import type { Deputy, Person } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { deputiesQuery, rolesQuery, setDeputies } from './api'
import styles from './PersonForm.module.css'

export function DeputiesTab({ person }: { person: Person }) {
  const deputies = useQuery(deputiesQuery(person.id))
  if (deputies.isPending) return <CardSkeletons count={2} />
  if (deputies.isError) return <ErrorState error={deputies.error} onRetry={() => void deputies.refetch()} />
  return <DeputiesForm key={deputies.dataUpdatedAt} person={person} deputies={deputies.data.items} />
}

function DeputiesForm({ person, deputies }: { person: Person; deputies: Deputy[] }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const roles = useQuery(rolesQuery)
  const isEnglish = asLanguage(i18n.language) === 'en'
  const known = new Map(deputies.map(({ role_code, deputy }) => [role_code, deputy]))
  const [chosen, setChosen] = useState<Record<string, string | null>>(() =>
    Object.fromEntries(person.roles.map((code) => [code, known.get(code)?.id ?? null])),
  )
  const save = useMutation({
    mutationFn: () =>
      setDeputies(
        person.id,
        Object.entries(chosen).map(([role_code, deputy_id]) => ({ role_code, deputy_id })),
      ),
    onSuccess: () => {
      void message.success(t('common.saved'))
      return client.invalidateQueries({ queryKey: peopleKeys.all })
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const nameOf = (code: string): string => {
    const role = roles.data?.items.find((one) => one.code === code)
    return role ? (isEnglish ? role.name_en : role.name_zh) : code
  }
  return (
    <>
      <p className={styles.soft}>{t('people.deputyHelp')}</p>
      <ul>
        {person.roles.map((code) => (
          <li key={code} className={styles.leave}>
            <strong>{nameOf(code)}</strong>
            <div style={{ width: 220 }}>
              <ColleagueSelect
                label={`${t('people.tabDeputies')} · ${nameOf(code)}`}
                placeholder={t('people.deputyNone')}
                known={known.get(code) ?? null}
                value={chosen[code] ?? null}
                onChange={(id) => setChosen((before) => ({ ...before, [code]: id }))}
              />
            </div>
          </li>
        ))}
      </ul>
      <Button type="primary" style={{ marginTop: 20 }} loading={save.isPending} onClick={() => save.mutate()}>
        {t('common.save')}
      </Button>
    </>
  )
}
