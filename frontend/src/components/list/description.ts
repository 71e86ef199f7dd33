import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { TableProps } from 'antd'
import type { TFunction } from 'i18next'
import type { ComponentType, ReactNode } from 'react'
import type { ListCount, SavedView, ViewSubject } from '@/api/types'
import { chosenColumns } from '@/lib/address'
import type { Filter } from './filters'

/** What every list keeps in its address beside its filters. */
export interface ListSearch {
  scope?: string | undefined
  q?: string | undefined
  sort?: string | undefined
  columns?: string | undefined
  view?: string | undefined
}

export interface Listed {
  id: string
  number: string
}

export type Column<Item> = NonNullable<TableProps<Item>['columns']>[number] & { width: number }

/** The chips above a list, of which one is always chosen; a saved view may stand for several. */
export interface Kinds<Scope> {
  name: string
  choices: readonly string[]
  label: (t: TFunction) => string
  all: (t: TFunction) => string
  word: (t: TFunction, value: string) => string
  isShown?: (scope: Scope) => boolean
}

export interface ListWords {
  search: string
  placeholder: string
  empty: { title: string; text: string }
  emptyFiltered: { title: string; text: string; clear: string }
}

/** How a feature describes the list of its records; the list itself is the same for all. */
export interface ListDescription<Item extends Listed, Search extends ListSearch, Scope extends string> {
  subject: ViewSubject
  /** Of an address what is understood; the rest is dropped. */
  read: (raw: Record<string, unknown>) => Search
  useRows: (
    search: Search,
    scope: Scope,
  ) => { rows: UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>; counted: ListCount | undefined }
  /** What a saved view keeps of the list, and the list that a view stands for. */
  settings: (search: Search, scope: Scope) => object
  shownBy: (view: SavedView) => Search
  words: (t: TFunction, scope: Scope) => ListWords
  kinds: Kinds<Scope>
  filters: readonly Filter<Scope>[]
  /** The first is the usual one. */
  sorts: readonly [string, ...string[]]
  sortWord: (t: TFunction, sort: string) => string
  /** The first is the way into the record: always there, and the list draws it. */
  columns: readonly string[]
  usualColumns: readonly string[]
  columnWord: (t: TFunction, column: string) => string
  cells: Record<string, (t: TFunction) => Column<Item>>
  nameWidth: number
  name: (t: TFunction, item: Item) => string
  card: {
    facts: (t: TFunction, item: Item) => (string | null | undefined)[]
    Marks: ComponentType<{ item: Item }>
    small: (t: TFunction, item: Item) => ReactNode
    Action?: ComponentType<{ item: Item }>
  }
  /** What is done with many at once, where something is. */
  Bulk?: ComponentType<BulkProps<Item>>
}

export interface ListProps<Item extends Listed, Search extends ListSearch, Scope extends string> {
  list: ListDescription<Item, Search, Scope>
  scopes: Scope[]
  scope: Scope
  search: Search
  onChange: (next: Search) => void
}

export interface BulkProps<Item> {
  items: Item[]
  onDone: () => void
}

export const valuesOf = (search: ListSearch): Record<string, unknown> => ({ ...search })

/** The columns of the table that an address asks for. */
export const columnsOf = (
  { columns, usualColumns }: { columns: readonly string[]; usualColumns: readonly string[] },
  search: ListSearch,
): string[] => chosenColumns(search.columns, columns, usualColumns)
