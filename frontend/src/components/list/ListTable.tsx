import { useNavigate } from '@tanstack/react-router'
import { Table, type TableProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordLink, recordLink } from '@/components/RecordLink'
import type { ListDescription, Listed, ListSearch } from './description'
import styles from './ListTable.module.css'

const MOST_CHOSEN = 200
const BOX = 52

interface Props<Item extends Listed, Search extends ListSearch, Scope extends string> {
  list: ListDescription<Item, Search, Scope>
  items: Item[]
  columns: string[]
  chosen: string[]
  onChoose: (ids: string[]) => void
}

/** The list on the PC: the whole row opens the record; the name is the link for the keyboard, the box chooses. */
export function ListTable<Item extends Listed, Search extends ListSearch, Scope extends string>({
  list,
  items,
  columns,
  chosen,
  onChoose,
}: Props<Item, Search, Scope>) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [entry = '', ...others] = columns
  const cells = others.flatMap((key) => {
    const cell = list.cells[key]?.(t)
    return cell ? [{ key, title: list.columnWord(t, key), ...cell }] : []
  })
  const name = {
    key: entry,
    title: list.columnWord(t, entry),
    width: list.nameWidth,
    render: (_: unknown, item: Item) => (
      <>
        <RecordLink
          subject={list.subject}
          id={item.id}
          className={styles.name}
          onClick={(event) => event.stopPropagation()}
        >
          {list.name(t, item)}
        </RecordLink>
        <div className={styles.soft}>{item.number}</div>
      </>
    ),
  }
  const shown = [name, ...cells]
  const choosing: TableProps<Item>['rowSelection'] = {
    selectedRowKeys: chosen,
    columnWidth: BOX,
    onChange: (keys) => onChoose(keys.map(String).slice(0, MOST_CHOSEN)),
    getCheckboxProps: (item) => ({ 'aria-label': t('bulk.choose', { name: list.name(t, item) }) }),
    getTitleCheckboxProps: () => ({ 'aria-label': t('bulk.chooseAll') }),
    onCell: () => ({ onClick: (event) => event.stopPropagation() }),
  }
  return (
    <div className={styles.frame}>
      <Table<Item>
        className={styles.table}
        rowKey="id"
        columns={shown}
        dataSource={items}
        pagination={false}
        tableLayout="fixed"
        style={{ minWidth: shown.reduce((width, column) => width + column.width, BOX) }}
        {...(list.Bulk ? { rowSelection: choosing } : {})}
        onRow={({ id }) => ({ onClick: () => void navigate(recordLink(list.subject, id)) })}
      />
    </div>
  )
}
