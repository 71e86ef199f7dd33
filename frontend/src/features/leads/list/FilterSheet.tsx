import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { personNameQuery, regionsQuery } from '@/api/people'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import styles from '@/components/list/ListTools.module.css'
import { Sheet } from '@/components/Sheet'
import { join, split } from '@/lib/address'
import { FLAGS, type Flag, type LeadsSearch, SORTS, SOURCES, type Sort } from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'

const RECEIVED = [1, 7, 30, 90]
const QUIET = [3, 7, 14, 30]

interface Props {
  open: boolean
  search: LeadsSearch
  onClose: () => void
  onApply: (more: LeadsSearch) => void
}

interface Fields {
  source: string[]
  region: string[]
  owner: string | null
  line: string[]
  days: string
  from: string
  to: string
  quiet: string
  flags: Flag[]
  sort: Sort
}

const fieldsOf = (search: LeadsSearch): Fields => ({
  source: split(search.source),
  region: split(search.region),
  owner: search.owner ?? null,
  line: split(search.line),
  days: `${search.days ?? 'any'}`,
  from: search.from ?? '',
  to: search.to ?? '',
  quiet: `${search.quiet ?? 'any'}`,
  flags: FLAGS.filter((flag) => search[flag]),
  sort: search.sort ?? '-received',
})

function searchOf(fields: Fields): LeadsSearch {
  const isChosen = (flag: Flag): true | undefined => (fields.flags.includes(flag) ? true : undefined)
  return {
    source: join(fields.source),
    region: join(fields.region),
    owner: fields.owner ?? undefined,
    line: join(fields.line),
    days: Number(fields.days) || undefined,
    from: fields.from || undefined,
    to: fields.to || undefined,
    quiet: Number(fields.quiet) || undefined,
    overdue: isChosen('overdue'),
    escalated: isChosen('escalated'),
    phone: isChosen('phone'),
    unowned: isChosen('unowned'),
    sort: fields.sort === '-received' ? undefined : fields.sort,
  }
}

/** All filters in one place, applied together: a drawer on the PC, a sheet on the phone. */
export function FilterSheet({ open, search, onClose, onApply }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [form] = Form.useForm<Fields>()
  const regions = useQuery({ ...regionsQuery, enabled: open })
  const owner = useQuery({ ...personNameQuery(search.owner ?? ''), enabled: open && search.owner !== undefined })
  const days = (choices: number[], word: 'leads.receivedDays' | 'leads.quietDays') => [
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
            <Select options={SORTS.map((value) => ({ value, label: t(`leads.sorts.${value}`) }))} />
          </Form.Item>
        )}
        <Form.Item name="flags" label={t('leads.only')}>
          <Checkbox.Group
            className={styles.flags ?? ''}
            options={FLAGS.map((value) => ({ value, label: t(`leads.flags.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="quiet" label={t('leads.quiet')}>
          <ChoiceGrid size="chip" name="quiet" label={t('leads.quiet')} choices={days(QUIET, 'leads.quietDays')} />
        </Form.Item>
        <Form.Item name="days" label={t('lead.received')}>
          <ChoiceGrid
            size="chip"
            name="days"
            label={t('lead.received')}
            choices={days(RECEIVED, 'leads.receivedDays')}
          />
        </Form.Item>
        <div className={styles.pair}>
          <Form.Item name="from" label={t('leads.from')}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="to" label={t('leads.to')}>
            <Input type="date" />
          </Form.Item>
        </div>
        <Form.Item name="source" label={t('lead.source')}>
          <Select mode="multiple" options={SOURCES.map((value) => ({ value, label: t(`lead.sources.${value}`) }))} />
        </Form.Item>
        <Form.Item name="region" label={t('lead.region')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            loading={regions.isFetching}
            options={regions.data?.items.map((region) => ({ value: region.id, label: region.name })) ?? []}
          />
        </Form.Item>
        <Form.Item name="owner" label={t('lead.owner')}>
          <ColleagueSelect known={search.owner && owner.data ? { id: search.owner, name: owner.data } : null} />
        </Form.Item>
        <Form.Item name="line" label={t('lead.productLine')} extra={t('leads.lineHelp')} style={{ marginBottom: 0 }}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、']} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
