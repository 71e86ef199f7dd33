import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { personNameQuery } from '@/api/people'
import { split } from '@/lib/address'
import { type Filter, namesOf, type Person, type Several } from './filters'
import styles from './ListTools.module.css'

const saying = (t: TFunction, label: string, values: string[]): string =>
  `${label}: ${values.join(t('common.listSeparator'))}`

interface Props<Scope> {
  filters: readonly Filter<Scope>[]
  scope: Scope
  values: Record<string, unknown>
  /** What else narrows the list, in words by its place in the address. */
  more: Record<string, string>
  onRemove: (name: string) => void
}

/** What narrows the list, each with its way out. */
export function FilterChips<Scope>({ filters, scope, values, more, onRemove }: Props<Scope>) {
  const { t } = useTranslation()
  const active = filters.flatMap((filter) =>
    namesOf(filter)
      .filter((name) => values[name] !== undefined)
      .map((name) => ({ filter, name, value: values[name] as string | number })),
  )
  if (active.length === 0 && Object.keys(more).length === 0) return null
  return (
    <ul className={styles.chips} aria-label={t('list.filter')}>
      {Object.entries(more).map(([name, words]) => (
        <Chip key={name} words={words} onRemove={() => onRemove(name)} />
      ))}
      {active.map(({ filter, name, value }) => {
        const remove = () => onRemove(name)
        switch (filter.kind) {
          case 'days':
            return <Chip key={name} words={filter.chip(t, Number(value))} onRemove={remove} />
          case 'flags':
            return <Chip key={name} words={filter.chip(t, name)} onRemove={remove} />
          case 'typed':
            return <Chip key={name} words={saying(t, filter.label(t), split(`${value}`))} onRemove={remove} />
          case 'several':
            return <SeveralChip key={name} filter={filter} scope={scope} value={`${value}`} onRemove={remove} />
          case 'person':
            return <PersonChip key={name} filter={filter} id={`${value}`} onRemove={remove} />
          case 'period': {
            const end = filter.ends.find((one) => one.name === name)
            return <Chip key={name} words={end?.chip(t, `${value}`) ?? ''} onRemove={remove} />
          }
        }
        return null
      })}
    </ul>
  )
}

function Chip({ words, onRemove }: { words: string; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <li>
      <Tag
        closable={{ 'aria-label': t('list.removeFilter', { filter: words }) }}
        onClose={(event) => {
          event.preventDefault()
          onRemove()
        }}
      >
        {words}
      </Tag>
    </li>
  )
}

interface SeveralProps<Scope> {
  filter: Several<Scope>
  scope: Scope
  value: string
  onRemove: () => void
}

function SeveralChip<Scope>({ filter, scope, value, onRemove }: SeveralProps<Scope>) {
  const { t } = useTranslation()
  const { options, isLoading } = filter.useOptions(scope)
  const word = (one: string): string => options.find((option) => option.value === one)?.label ?? (isLoading ? '…' : one)
  return <Chip words={saying(t, filter.label(t), split(value).map(word))} onRemove={onRemove} />
}

interface PersonProps<Scope> {
  filter: Person<Scope>
  id: string
  onRemove: () => void
}

function PersonChip<Scope>({ filter, id, onRemove }: PersonProps<Scope>) {
  const { t } = useTranslation()
  const name = useQuery(personNameQuery(id))
  return <Chip words={saying(t, filter.label(t), [name.data ?? '…'])} onRemove={onRemove} />
}
