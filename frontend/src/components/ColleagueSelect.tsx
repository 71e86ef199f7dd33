import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { colleaguesQuery } from '@/api/people'
import type { Named } from '@/api/types'

interface Props {
  /** The person chosen so far, whose name may not be among the first found. */
  known?: Named | null
  value?: string | null
  onChange?: (id: string | null) => void
  id?: string
  label?: string
  placeholder?: string
}

/** Searches on the server: a company may have thousands of people. */
export function ColleagueSelect({ known, value, onChange, id, label, placeholder }: Props) {
  const [q, setQ] = useState('')
  const people = useQuery(colleaguesQuery(useDeferredValue(q)))
  const found = people.data?.items.map((person) => ({ value: person.id, label: person.name })) ?? []
  const options =
    known && !q && !found.some((option) => option.value === known.id)
      ? [{ value: known.id, label: known.name }, ...found]
      : found
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={label}
      style={{ width: '100%' }}
      placeholder={placeholder}
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={options}
      loading={people.isFetching}
      value={value ?? undefined}
      onChange={(next?: string) => onChange?.(next ?? null)}
    />
  )
}
