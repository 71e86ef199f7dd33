import { FlagFilled } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { opportunitiesQuery, opportunityCountQuery } from '@/api/opportunities'
import type { OpportunityCard, OwnedScope } from '@/api/types'
import type { ListDescription } from '@/components/list/description'
import { Moment } from '@/components/Moment'
import {
  DEAL_COLUMNS,
  DEAL_SORTS,
  DEAL_STATES,
  fromOpportunitySettings,
  type OpportunitiesSearch,
  readOpportunitiesSearch,
  toOpportunityQuery,
  toOpportunitySettings,
  USUAL_DEAL_COLUMNS,
} from '@/lib/opportunitySearch'
import { serverNow } from '@/lib/serverClock'
import { daysSince } from '@/lib/time'
import { word } from '@/lib/words'
import { amountOf, OPPORTUNITY_CELLS, StageName } from './opportunityCells'
import { OPPORTUNITY_FILTERS } from './opportunityFilters'

function useRows(search: OpportunitiesSearch, scope: OwnedScope) {
  const query = useMemo(() => toOpportunityQuery(search, scope, serverNow()), [search, scope])
  return { rows: useInfiniteQuery(opportunitiesQuery(query)), counted: useQuery(opportunityCountQuery(query)).data }
}

function Marks({ item }: { item: OpportunityCard }) {
  const { t } = useTranslation()
  return (
    <>
      <Tag>{item.state === 'open' ? <StageName id={item.stage_id} /> : t(`opportunity.states.${item.state}`)}</Tag>
      {item.is_flagged && (
        <Tag color="error" icon={<FlagFilled aria-hidden />}>
          {t('opportunity.flagged', { count: daysSince(item.last_activity_at, serverNow()) })}
        </Tag>
      )}
    </>
  )
}

export const OPPORTUNITY_LIST: ListDescription<OpportunityCard, OpportunitiesSearch, OwnedScope> = {
  subject: 'opportunity',
  read: readOpportunitiesSearch,
  useRows,
  settings: toOpportunitySettings,
  shownBy: (view) => fromOpportunitySettings(view.settings, view.id),
  words: (t) => ({
    search: t('board.search'),
    placeholder: t('board.searchPlaceholder'),
    empty: { title: t('board.empty'), text: t('board.emptyText') },
    emptyFiltered: {
      title: t('board.emptyFiltered'),
      text: t('board.emptyFilteredText'),
      clear: t('board.clearFilter'),
    },
  }),
  kinds: {
    name: 'state',
    choices: DEAL_STATES,
    label: (t) => t('deals.state'),
    all: (t) => t('deals.all'),
    word: (t, state) => word(t, `opportunity.states.${state}`, state),
  },
  filters: OPPORTUNITY_FILTERS,
  sorts: DEAL_SORTS,
  sortWord: (t, sort) => word(t, `board.sorts.${sort}`, sort),
  columns: DEAL_COLUMNS,
  usualColumns: USUAL_DEAL_COLUMNS,
  columnWord: (t, column) => word(t, `deals.columnNames.${column}`, column),
  cells: OPPORTUNITY_CELLS,
  nameWidth: 220,
  name: (_, deal) => deal.name,
  card: {
    facts: (t, deal) => [deal.customer?.name, amountOf(t, deal), deal.expected_close_on],
    Marks,
    small: (_, deal) => (
      <>
        {deal.owner.name} · <Moment at={deal.last_activity_at} />
      </>
    ),
  },
}
