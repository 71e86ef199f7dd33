import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { join, split } from '@/lib/address'
import { useIsPhone } from '@/lib/media'
import { word } from '@/lib/words'
import { ColumnsMenu } from './ColumnsMenu'
import { columnsOf, type Listed, type ListProps, type ListSearch, valuesOf } from './description'
import { FilterChips } from './FilterChips'
import { FilterSheet } from './FilterSheet'
import { isShown, namesOf } from './filters'
import styles from './ListTools.module.css'
import { SearchBox } from './SearchBox'
import { ViewsMenu } from './ViewsMenu'

const ALL = 'all'

/** Everything above the list: how far to look, what to look for, in which order. */
export function ListTools<Item extends Listed, Search extends ListSearch, Scope extends string>({
  list,
  scopes,
  scope,
  search,
  onChange,
}: ListProps<Item, Search, Scope>) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [isFiltering, setIsFiltering] = useState(false)
  const { kinds, filters } = list
  const values = valuesOf(search)
  const words = list.words(t, scope)
  const change = (more: Record<string, unknown>): void => onChange(list.read({ ...values, ...more, view: undefined }))
  /** What cannot be taken off any more must not narrow the list. */
  const look = (next: Scope): void => {
    const hidden = filters.filter((filter) => !isShown(filter, next)).flatMap(namesOf)
    change({ ...Object.fromEntries(hidden.map((name) => [name, undefined])), scope: next })
  }
  const hasKinds = isShown(kinds, scope)
  const kind = values[kinds.name] === undefined ? ALL : `${values[kinds.name]}`
  const isPlainKind = !hasKinds || kind === ALL || kinds.choices.includes(kind)
  const kindWords = split(kind).map((value) => kinds.word(t, value))
  const active = filters.flatMap(namesOf).filter((name) => values[name] !== undefined).length
  return (
    <div className={styles.tools}>
      <div className={styles.line}>
        {scopes.length > 1 && (
          <Segmented<Scope>
            className={styles.scopes ?? ''}
            aria-label={t('list.scope')}
            value={scope}
            onChange={look}
            options={scopes.map((value) => ({ value, label: word(t, `scope.${value}`, value) }))}
          />
        )}
        <SearchBox
          value={search.q ?? ''}
          label={words.search}
          placeholder={words.placeholder}
          onSearch={(q) => change({ q: q || undefined })}
        />
      </div>
      <div className={styles.line}>
        {hasKinds ? (
          <div className={styles.states}>
            <ChoiceGrid
              size="chip"
              name={kinds.name}
              label={kinds.label(t)}
              value={kind}
              onChange={(next) => change({ [kinds.name]: next === ALL ? undefined : next })}
              choices={[
                { value: ALL, label: kinds.all(t) },
                ...kinds.choices.map((value) => ({ value, label: kinds.word(t, value) })),
              ]}
            />
          </div>
        ) : (
          <span />
        )}
        <div className={styles.controls}>
          <Badge count={active} color="var(--cd-pine)">
            <Button icon={<FilterOutlined aria-hidden />} onClick={() => setIsFiltering(true)}>
              {t('list.filter')}
            </Button>
          </Badge>
          <ViewsMenu
            subject={list.subject}
            view={search.view}
            settings={list.settings(search, scope)}
            onShow={(view) => onChange(list.shownBy(view))}
            onName={(view) => onChange(list.read({ ...values, view }))}
          />
          {!isPhone && (
            <>
              <Select
                aria-label={t('list.sort')}
                className={styles.sort ?? ''}
                value={search.sort ?? list.sorts[0]}
                onChange={(sort) => change({ sort })}
                options={list.sorts.map((value) => ({ value, label: list.sortWord(t, value) }))}
              />
              <ColumnsMenu
                columns={list.columns}
                chosen={columnsOf(list, search)}
                name={(column) => list.columnWord(t, column)}
                onChoose={(columns) => change({ columns: join(columns) })}
              />
            </>
          )}
        </div>
      </div>
      <FilterChips
        filters={filters}
        scope={scope}
        values={values}
        more={isPlainKind ? {} : { [kinds.name]: kindWords.join(t('common.listSeparator')) }}
        onRemove={(name) => change({ [name]: undefined })}
      />
      <FilterSheet
        key={`${isFiltering}`}
        list={list}
        open={isFiltering}
        scope={scope}
        search={search}
        onClose={() => setIsFiltering(false)}
        onApply={(more) => {
          setIsFiltering(false)
          change(more)
        }}
      />
    </div>
  )
}
