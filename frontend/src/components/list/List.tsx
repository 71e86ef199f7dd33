import { SearchOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LoadMore } from '@/components/LoadMore'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { columnsOf, type Listed, type ListProps, type ListSearch, valuesOf } from './description'
import { namesOf } from './filters'
import { ListCards } from './ListCards'
import { ListCount } from './ListCount'
import { ListTable } from './ListTable'
import { ListTools } from './ListTools'

/** Records that one searches, filters, sorts and works through: a table on the PC, cards on the phone. */
export function List<Item extends Listed, Search extends ListSearch, Scope extends string>({
  list,
  scopes,
  scope,
  search,
  onChange,
}: ListProps<Item, Search, Scope>) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const { rows, counted } = list.useRows(search, scope)
  const [chosen, setChosen] = useState<string[]>([])
  const items = rows.data?.pages.flatMap((page) => page.items) ?? []
  const worked = items.filter((item) => chosen.includes(item.id))
  const show = (next: Search): void => {
    setChosen([])
    onChange(next)
  }
  const { empty, emptyFiltered } = list.words(t, scope)
  const values = valuesOf(search)
  const isNarrowed = ['q', list.kinds.name, ...list.filters.flatMap(namesOf)].some((name) => values[name])
  const said = isNarrowed ? emptyFiltered : empty
  return (
    <>
      <ListTools list={list} scopes={scopes} scope={scope} search={search} onChange={show} />
      {rows.isPending && <CardSkeletons count={5} />}
      {rows.isError && items.length === 0 && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data && items.length === 0 && (
        <EmptyState
          icon={<SearchOutlined aria-hidden />}
          title={said.title}
          text={said.text}
          action={
            isNarrowed && (
              <Button
                onClick={() => show(list.read({ scope: search.scope, sort: search.sort, columns: search.columns }))}
              >
                {emptyFiltered.clear}
              </Button>
            )
          }
        />
      )}
      {items.length > 0 && (
        <>
          <ListCount counted={counted} />
          {isPhone ? (
            <ListCards list={list} items={items} />
          ) : (
            <ListTable
              list={list}
              items={items}
              columns={columnsOf(list, search)}
              chosen={worked.map(({ id }) => id)}
              onChoose={setChosen}
            />
          )}
          <LoadMore {...rows} />
        </>
      )}
      {worked.length > 0 && list.Bulk && <list.Bulk items={worked} onDone={() => setChosen([])} />}
    </>
  )
}
