import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { documentKindsQuery } from '@/api/documents'
import type { Condition } from '@/api/types'
import { ROLES } from '@/components/customer/ContactFormFields'
import { kindName } from '@/components/document/documentWords'
import { useDocumentName } from '@/components/document/useDocumentName'
import { conditionWords } from '@/components/opportunity/conditionWords'
import { asLanguage } from '@/i18n/i18n'
import { word } from '@/lib/words'
import { ACTIVITIES, CONDITION_KINDS, FIELDS, type LeafCondition, newCondition, newLeaf, withOne } from './document'
import { Field } from './Field'
import { useFault } from './faults'
import styles from './pipelines.module.css'

const MOST = 20
const MOST_ALTERNATIVES = 5
const LEAVES = CONDITION_KINDS.filter((kind) => kind !== 'any_of')

interface ListProps {
  label: string
  path: string
  conditions: Condition[]
  onChange: (next: Condition[]) => void
}

/** What one side of a stage asks for, each condition built from choices. */
export function ConditionList({ label, path, conditions, onChange }: ListProps) {
  const { t } = useTranslation()
  const fault = useFault(path)
  return (
    <fieldset className={styles.conditions}>
      <legend className={styles.section}>{label}</legend>
      {conditions.length === 0 && <p className={styles.soft}>{t('pipeline.noConditions')}</p>}
      {fault && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      {conditions.map((condition, place) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is nothing but its place in the list
          key={place}
          condition={condition}
          path={`${path}/${place}`}
          onChange={(changed) => onChange(withOne(conditions, place, changed))}
        />
      ))}
      <AddButton
        label={t('pipeline.addCondition')}
        kinds={CONDITION_KINDS}
        isFull={conditions.length >= MOST}
        onAdd={(kind) => onChange([...conditions, newCondition(kind)])}
      />
    </fieldset>
  )
}

interface AddProps<Kind extends Condition['kind']> {
  label: string
  kinds: readonly Kind[]
  isFull: boolean
  onAdd: (kind: Kind) => void
}

function AddButton<Kind extends Condition['kind']>({ label, kinds, isFull, onAdd }: AddProps<Kind>) {
  const { t } = useTranslation()
  const items = kinds.map((kind) => ({
    key: kind,
    label: t(`pipeline.conditions.${kind}`),
    onClick: () => onAdd(kind),
  }))
  return (
    <Dropdown menu={{ items }} trigger={['click']} disabled={isFull}>
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />}>
        {label}
      </Button>
    </Dropdown>
  )
}

interface RowProps {
  condition: Condition
  path: string
  onChange: (changed: Condition | null) => void
}

function ConditionRow({ condition, path, onChange }: RowProps) {
  const { t } = useTranslation()
  const said = conditionWords(t, condition, 'CNY', useDocumentName())
  const fault = useFault(path)
  return (
    <fieldset className={styles.condition}>
      <legend className="visually-hidden">{said}</legend>
      <div className={styles.conditionHead}>
        <strong>{t(`pipeline.conditions.${condition.kind}`)}</strong>
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t('pipeline.removeCondition', { name: said })}
          onClick={() => onChange(null)}
        />
      </div>
      {condition.kind === 'any_of' ? (
        <Alternatives condition={condition} path={path} onChange={onChange} />
      ) : (
        <Choices condition={condition} path={path} onChange={onChange} />
      )}
      {fault && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
    </fieldset>
  )
}

type AnyOf = Extract<Condition, { kind: 'any_of' }>

function Alternatives({
  condition,
  path,
  onChange,
}: {
  condition: AnyOf
  path: string
  onChange: (changed: Condition | null) => void
}) {
  const { t } = useTranslation()
  const { conditions } = condition
  const change = (next: LeafCondition[]): void =>
    onChange(next.length > 1 ? { ...condition, conditions: next } : (next[0] ?? null))
  return (
    <div className={styles.alternatives}>
      <p className={styles.soft}>{t('pipeline.alternatives')}</p>
      {conditions.map((one, place) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is nothing but its place in the list
          key={place}
          condition={one}
          path={`${path}/conditions/${place}`}
          onChange={(changed) => change(withOne(conditions, place, changed as LeafCondition | null))}
        />
      ))}
      <AddButton
        label={t('pipeline.addAlternative')}
        kinds={LEAVES}
        isFull={conditions.length >= MOST_ALTERNATIVES}
        onAdd={(kind) => change([...conditions, newLeaf(kind)])}
      />
    </div>
  )
}

interface ChoicesProps {
  condition: LeafCondition
  path: string
  onChange: (changed: Condition) => void
}

/** The choices that a condition of its kind leaves. */
function Choices({ condition, path, onChange }: ChoicesProps) {
  const { t } = useTranslation()
  const at = (name: string): string => `${path}/${name}`
  switch (condition.kind) {
    case 'field_present':
      return (
        <Field label={t('pipeline.field')} path={at('field')}>
          {(control) => (
            <Select
              {...control}
              value={condition.field}
              options={FIELDS.map((value) => ({ value, label: word(t, `opportunity.fields.${value}`, value) }))}
              onChange={(field) => onChange({ ...condition, field })}
            />
          )}
        </Field>
      )
    case 'amount_at_least':
      return (
        <Field label={t('pipeline.amount')} path={at('amount')}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              maxLength={20}
              value={`${condition.amount}`}
              onChange={({ target }) => onChange({ ...condition, amount: target.value.trim() })}
            />
          )}
        </Field>
      )
    case 'document_attached':
      return (
        <Field label={t('pipeline.document')} path={at('document')}>
          {(control) => (
            <DocumentSelect
              {...control}
              value={condition.document}
              onChange={(document) => onChange({ ...condition, document })}
            />
          )}
        </Field>
      )
    case 'activity_logged':
    case 'effective_visit':
      return (
        <div className={styles.three}>
          {condition.kind === 'activity_logged' && (
            <Field label={t('pipeline.activity')} path={at('activity')}>
              {(control) => (
                <Select
                  {...control}
                  value={condition.activity}
                  options={ACTIVITIES.map((value) => ({ value, label: t(`followUp.kinds.${value}`) }))}
                  onChange={(activity) => onChange({ ...condition, activity })}
                />
              )}
            </Field>
          )}
          <Field label={t('pipeline.times')} path={at('times')}>
            {(control) => (
              <InputNumber
                {...control}
                min={1}
                max={20}
                precision={0}
                value={condition.times ?? 1}
                onChange={(times) => onChange({ ...condition, times: times ?? 1 })}
              />
            )}
          </Field>
          <Field label={t('pipeline.counted')} path={at('counted')}>
            {(control) => (
              <Select
                {...control}
                value={condition.counted ?? 'ever'}
                options={(['ever', 'in_stage'] as const).map((value) => ({
                  value,
                  label: t(`pipeline.countedFrom.${value}`),
                }))}
                onChange={(counted) => onChange({ ...condition, counted })}
              />
            )}
          </Field>
        </div>
      )
    case 'contact_known':
      return (
        <Field label={t('pipeline.role')} path={at('role')}>
          {(control) => (
            <Select
              {...control}
              value={condition.role}
              options={ROLES.map((value) => ({ value, label: t(`contact.roles.${value}`) }))}
              onChange={(role) => onChange({ ...condition, role })}
            />
          )}
        </Field>
      )
    case 'review_approved':
      return <p className={styles.soft}>{t('pipeline.review')}</p>
  }
}

interface DocumentProps {
  id: string
  status: '' | 'error'
  value: string
  onChange: (kind: string) => void
}

/** The kinds that can be filed, by their names; one that is no longer used stays as it is until another is chosen. */
function DocumentSelect({ value, onChange, ...control }: DocumentProps) {
  const { i18n } = useTranslation()
  const { data, isLoading } = useQuery(documentKindsQuery)
  const options = (data?.items ?? [])
    .filter((kind) => kind.is_active || kind.key === value)
    .map((kind) => ({ value: kind.key, label: kindName(kind, asLanguage(i18n.language)) }))
  return <Select {...control} loading={isLoading} value={value} options={options} onChange={onChange} />
}
