import { RightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { FactLine } from '@/components/FactLine'
import { RecordLink } from '@/components/RecordLink'
import type { ListDescription, Listed, ListSearch } from './description'
import styles from './ListCards.module.css'

interface Props<Item extends Listed, Search extends ListSearch, Scope extends string> {
  list: ListDescription<Item, Search, Scope>
  items: Item[]
}

/** The list on the phone: one record a card, the whole card opens it. */
export function ListCards<Item extends Listed, Search extends ListSearch, Scope extends string>({
  list,
  items,
}: Props<Item, Search, Scope>) {
  const { t } = useTranslation()
  const { facts, Marks, small, Action } = list.card
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <li key={item.id} className={styles.card}>
          <div className={styles.top}>
            <RecordLink subject={list.subject} id={item.id} className={styles.name}>
              {list.name(t, item)}
            </RecordLink>
            <RightOutlined aria-hidden className={styles.arrow} />
          </div>
          <FactLine facts={facts(t, item)} />
          <div className={styles.marks}>
            <Marks item={item} />
          </div>
          <p className={styles.small}>{small(t, item)}</p>
          {Action && <Action item={item} />}
        </li>
      ))}
    </ul>
  )
}
