import { useQuery } from '@tanstack/react-query'
import { Checkbox, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { personNameQuery } from '@/api/people'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { daysOf, type Filter, type Several } from './filters'
import styles from './ListTools.module.css'

const SEPARATORS = [',', '，', '、']

interface Props<Scope> {
  filter: Filter<Scope>
  scope: Scope
}

/** One filter as a part of the form. */
export function FilterField<Scope>({ filter, scope }: Props<Scope>) {
  const { t } = useTranslation()
  const { name } = filter
  const label = filter.label(t)
  switch (filter.kind) {
    case 'days':
      return (
        <Form.Item name={name} label={label}>
          <ChoiceGrid size="chip" name={name} label={label} choices={daysOf(t, filter.choices, filter.choice)} />
        </Form.Item>
      )
    case 'several':
      return (
        <Form.Item name={name} label={label}>
          <SeveralSelect filter={filter} scope={scope} />
        </Form.Item>
      )
    case 'person':
      return (
        <Form.Item name={name} label={label}>
          <PersonSelect />
        </Form.Item>
      )
    case 'typed':
      return (
        <Form.Item name={name} label={label} extra={t('list.typedHelp')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={SEPARATORS} />
        </Form.Item>
      )
    case 'flags':
      return (
        <Form.Item name={name} label={label}>
          <Checkbox.Group
            className={styles.flags ?? ''}
            options={filter.names.map((value) => ({ value, label: filter.chip(t, value) }))}
          />
        </Form.Item>
      )
    case 'period':
      return (
        <div className={styles.pair}>
          {filter.ends.map((end) => (
            <Form.Item key={end.name} name={end.name} label={end.label(t)}>
              {filter.input ? <Input inputMode="decimal" /> : <Input type="date" />}
            </Form.Item>
          ))}
        </div>
      )
  }
}

interface Controlled<Value> {
  id?: string
  value?: Value
  onChange?: (value: Value) => void
}

function SeveralSelect<Scope>({
  filter,
  scope,
  ...field
}: { filter: Several<Scope>; scope: Scope } & Controlled<string[]>) {
  const { options, isLoading } = filter.useOptions(scope)
  return (
    <Select
      {...field}
      mode="multiple"
      showSearch={{ optionFilterProp: 'label' }}
      loading={isLoading}
      options={options}
    />
  )
}

/** The address knows a person by id only. */
function PersonSelect(field: Controlled<string | null>) {
  const { value } = field
  const name = useQuery({ ...personNameQuery(value ?? ''), enabled: Boolean(value) })
  return <ColleagueSelect {...field} known={value && name.data ? { id: value, name: name.data } : null} />
}
