import { LockOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { parentsQuery } from '@/api/customers'
import type { Customer } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { DuplicateWarning } from '@/components/merge/DuplicateWarning'
import { RegionSelect } from '@/components/RegionSelect'
import { PROVINCES } from '@/lib/places'
import { ownedScopesOf, useMe } from '@/lib/session'
import styles from './CustomerForm.module.css'
import { type CustomerFields, FREE } from './customerForm'

const SOURCES = [
  'manual',
  'website',
  'exhibition',
  'referral',
  'phone',
  'partner',
  'search_ads',
  'wechat',
  'other',
] as const

/** The label of a field, with a lock where a change of it needs an approval. */
function useLabel(isEdit: boolean): (field: Parameters<typeof labelKey>[0]) => ReactNode {
  const { t } = useTranslation()
  return (field) =>
    isEdit && !FREE.has(field) ? (
      <>
        {t(labelKey(field))} <LockOutlined aria-hidden className={styles.lock} />
      </>
    ) : (
      t(labelKey(field))
    )
}

type Field = keyof CustomerFields
const labelKey = (field: Field) => `customer.fields.${field}` as const

/** Everything that is known about a company; `customer` is the one that is edited. */
export function CustomerFormFields({ customer }: { customer: Customer | null }) {
  const { t } = useTranslation()
  const label = useLabel(customer !== null)
  return (
    <>
      <Form.Item
        name="name"
        label={label('name')}
        rules={[{ required: true, whitespace: true, message: t('people.required') }]}
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="credit_code" label={label('credit_code')} extra={t('customer.creditCodeHelp')}>
        <Input maxLength={24} autoComplete="off" autoCapitalize="characters" spellCheck={false} />
      </Form.Item>
      <KnownFirm customer={customer} />
      <div className={styles.pair}>
        <Form.Item name="province" label={label('province')}>
          <Select allowClear showSearch options={PROVINCES.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="city" label={label('city')}>
          <Input maxLength={50} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="address" label={label('address')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="industry" label={label('industry')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="payment_terms" label={label('payment_terms')}>
          <Input maxLength={200} autoComplete="off" placeholder={t('customer.paymentTermsHint')} />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name="source" label={label('source')}>
          <Select options={SOURCES.map((value) => ({ value, label: t(`lead.sources.${value}`) }))} />
        </Form.Item>
        <Form.Item name="website" label={label('website')}>
          <Input maxLength={200} autoComplete="off" inputMode="url" />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name="region_id" label={label('region_id')} extra={t('customer.regionHelp')}>
          <RegionSelect />
        </Form.Item>
        <Form.Item name="parent_id" label={label('parent_id')}>
          <ParentSelect customer={customer} />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        {customer && (
          <Form.Item name="owner_id" label={label('owner_id')}>
            <ColleagueSelect known={customer.owner} />
          </Form.Item>
        )}
        <Form.Item name="backup_owner_id" label={label('backup_owner_id')}>
          <ColleagueSelect known={customer?.backup_owner ?? null} />
        </Form.Item>
      </div>
      <div className={styles.switch}>
        <span>
          <label htmlFor="is_key">{label('is_key')}</label>
          <small>{t('customer.keyHelp')}</small>
        </span>
        <Form.Item name="is_key" valuePropName="checked" noStyle>
          <Switch id="is_key" />
        </Form.Item>
      </div>
      <Form.Item name="tags" label={label('tags')} extra={t('customer.tagsHelp')}>
        <Select mode="tags" maxCount={30} open={false} suffixIcon={null} />
      </Form.Item>
      <Form.Item name="notes" label={label('notes')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={5000} />
      </Form.Item>
    </>
  )
}

/** Whether a firm that is entered or renamed is known already. */
function KnownFirm({ customer }: { customer: Customer | null }) {
  const name = Form.useWatch<string | undefined>('name')
  const code = Form.useWatch<string | null | undefined>('credit_code')
  return (
    <DuplicateWarning
      company={name === customer?.name ? '' : name}
      credit_code={code === customer?.credit_code ? '' : code}
      except_id={customer?.id}
    />
  )
}

interface ParentProps {
  customer: Customer | null
  value?: string | null
  onChange?: (id: string | null) => void
  id?: string
}

function ParentSelect({ customer, value, onChange, id }: ParentProps) {
  const me = useMe()
  const parents = useQuery(parentsQuery(ownedScopesOf(me).at(-1) ?? 'own'))
  const found = parents.data?.items.filter((one) => one.id !== customer?.id) ?? []
  const known = customer?.parent && !found.some((one) => one.id === customer.parent?.id) ? [customer.parent] : []
  return (
    <Select
      {...(id ? { id } : {})}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={parents.isFetching}
      options={[...known, ...found].map((one) => ({ value: one.id, label: one.name }))}
      value={value ?? undefined}
      onChange={(next?: string) => onChange?.(next ?? null)}
    />
  )
}
