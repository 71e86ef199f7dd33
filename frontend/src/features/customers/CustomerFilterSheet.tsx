import { useQuery } from '@tanstack/react-query'
import { Button, Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { customerIndustriesQuery } from '@/api/customers'
import { personNameQuery, regionsQuery } from '@/api/people'
import type { OwnedScope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import styles from '@/components/list/ListTools.module.css'
import { Sheet } from '@/components/Sheet'
import { join, split } from '@/lib/address'
import { CUSTOMER_SORTS, type CustomerSort, type CustomersSearch } from '@/lib/customerSearch'
import { SOURCES } from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'

const QUIET = [30, 60, 90, 180]
const ACTIVE = [7, 30, 90]
const CREATED = [7, 30, 90, 365]

interface Props {
  open: boolean
  scope: OwnedScope
  search: CustomersSearch
  onClose: () => void
  onApply: (more: CustomersSearch) => void
}

interface Fields {
  region: string[]
  owner: string | null
  industry: string[]
  source: string[]
  tag: string[]
  quiet: string
  active: string
  days: string
  sort: CustomerSort
}

const fieldsOf = (search: CustomersSearch): Fields => ({
  region: split(search.region),
  owner: search.owner ?? null,
  industry: split(search.industry),
  source: split(search.source),
  tag: split(search.tag),
  quiet: `${search.quiet ?? 'any'}`,
  active: `${search.active ?? 'any'}`,
  days: `${search.days ?? 'any'}`,
  sort: search.sort ?? '-activity',
})

const searchOf = (fields: Fields): CustomersSearch => ({
  region: join(fields.region),
  owner: fields.owner ?? undefined,
  industry: join(fields.industry),
  source: join(fields.source),
  tag: join(fields.tag),
  quiet: Number(fields.quiet) || undefined,
  active: Number(fields.active) || undefined,
  days: Number(fields.days) || undefined,
  sort: fields.sort === '-activity' ? undefined : fields.sort,
})

const SEPARATORS = [',', '，', '、']

/** All filters in one place, applied together: a drawer on the PC, a sheet on the phone. */
export function CustomerFilterSheet({ open, scope, search, onClose, onApply }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [form] = Form.useForm<Fields>()
  const regions = useQuery({ ...regionsQuery, enabled: open })
  const industries = useQuery({ ...customerIndustriesQuery(scope), enabled: open })
  const owner = useQuery({ ...personNameQuery(search.owner ?? ''), enabled: open && search.owner !== undefined })
  const days = (choices: number[], word: 'customer.quietDays' | 'customer.activeDays' | 'customer.createdDays') => [
    { value: 'any', label: t('leads.any') },
    ...choices.map((count) => ({ value: `${count}`, label: t(word, { count }) })),
  ]
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('leads.filter')}
      phoneHeight="full"
      footer={
        <div className={styles.pair}>
          <Button size="large" onClick={() => onApply(searchOf(fieldsOf({})))}>
            {t('leads.reset')}
          </Button>
          <Button type="primary" size="large" onClick={() => form.submit()}>
            {t('leads.apply')}
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={fieldsOf(search)}
        onFinish={(fields) => onApply(searchOf(fields))}
      >
        {isPhone && (
          <Form.Item name="sort" label={t('leads.sort')}>
            <Select options={CUSTOMER_SORTS.map((value) => ({ value, label: t(`customer.sorts.${value}`) }))} />
          </Form.Item>
        )}
        <Form.Item name="quiet" label={t('customer.quiet')}>
          <ChoiceGrid
            size="chip"
            name="quiet"
            label={t('customer.quiet')}
            choices={days(QUIET, 'customer.quietDays')}
          />
        </Form.Item>
        <Form.Item name="active" label={t('customer.lastActivity')}>
          <ChoiceGrid
            size="chip"
            name="active"
            label={t('customer.lastActivity')}
            choices={days(ACTIVE, 'customer.activeDays')}
          />
        </Form.Item>
        <Form.Item name="days" label={t('customer.createdAt')}>
          <ChoiceGrid
            size="chip"
            name="days"
            label={t('customer.createdAt')}
            choices={days(CREATED, 'customer.createdDays')}
          />
        </Form.Item>
        {scope !== 'own' && (
          <>
            <Form.Item name="region" label={t('customer.fields.region_id')}>
              <Select
                mode="multiple"
                showSearch={{ optionFilterProp: 'label' }}
                loading={regions.isFetching}
                options={regions.data?.items.map((region) => ({ value: region.id, label: region.name })) ?? []}
              />
            </Form.Item>
            <Form.Item name="owner" label={t('customer.fields.owner_id')}>
              <ColleagueSelect known={search.owner && owner.data ? { id: search.owner, name: owner.data } : null} />
            </Form.Item>
          </>
        )}
        <Form.Item name="industry" label={t('customer.fields.industry')}>
          <Select
            mode="multiple"
            loading={industries.isFetching}
            options={industries.data?.items.map((value) => ({ value, label: value })) ?? []}
          />
        </Form.Item>
        <Form.Item name="source" label={t('customer.fields.source')}>
          <Select mode="multiple" options={SOURCES.map((value) => ({ value, label: t(`lead.sources.${value}`) }))} />
        </Form.Item>
        <Form.Item name="tag" label={t('customer.fields.tags')} extra={t('leads.lineHelp')} style={{ marginBottom: 0 }}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={SEPARATORS} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
