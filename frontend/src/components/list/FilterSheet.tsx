import { Button, Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Sheet } from '@/components/Sheet'
import { useIsPhone } from '@/lib/media'
import { type ListDescription, type Listed, type ListSearch, valuesOf } from './description'
import { FilterField } from './FilterField'
import { fromFields, isShown, toFields } from './filters'
import styles from './ListTools.module.css'

interface Props<Item extends Listed, Search extends ListSearch, Scope extends string> {
  /** Without sorts it only narrows. */
  list: Pick<ListDescription<Item, Search, Scope>, 'filters'> &
    Partial<Pick<ListDescription<Item, Search, Scope>, 'sorts' | 'sortWord'>>
  open: boolean
  scope: Scope
  search: Search
  onClose: () => void
  onApply: (more: Record<string, unknown>) => void
}

/** All filters in one place, applied together: a drawer on the PC, a sheet on the phone. */
export function FilterSheet<Item extends Listed, Search extends ListSearch, Scope extends string>({
  list,
  open,
  scope,
  search,
  onClose,
  onApply,
}: Props<Item, Search, Scope>) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [form] = Form.useForm<Record<string, unknown>>()
  const { sorts = [], sortWord } = list
  const [usualSort] = sorts
  const apply = (fields: Record<string, unknown>): void => {
    const sort = isPhone && sortWord ? { sort: fields.sort === usualSort ? undefined : fields.sort } : {}
    onApply({ ...fromFields(list.filters, fields), ...sort })
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('list.filter')}
      phoneHeight="full"
      footer={
        <div className={styles.pair}>
          <Button size="large" onClick={() => apply({})}>
            {t('list.reset')}
          </Button>
          <Button type="primary" size="large" onClick={() => form.submit()}>
            {t('list.apply')}
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout="vertical"
        className={styles.filters ?? ''}
        initialValues={{ ...toFields(list.filters, valuesOf(search)), sort: search.sort ?? usualSort }}
        onFinish={apply}
      >
        {isPhone && sortWord && (
          <Form.Item name="sort" label={t('list.sort')}>
            <Select options={sorts.map((value) => ({ value, label: sortWord(t, value) }))} />
          </Form.Item>
        )}
        {list.filters
          .filter((filter) => isShown(filter, scope))
          .map((filter) => (
            <FilterField key={filter.name} filter={filter} scope={scope} />
          ))}
      </Form>
    </Sheet>
  )
}
