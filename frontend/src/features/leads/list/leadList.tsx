import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { leadCountQuery, leadsQuery } from '@/api/leads'
import type { LeadCard, Scope } from '@/api/types'
import { LeadStateTag } from '@/components/lead/LeadStateTag'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { PoolCountdown, SHOWN_WITHIN } from '@/components/lead/PoolCountdown'
import type { ListDescription } from '@/components/list/description'
import { Moment } from '@/components/Moment'
import {
  COLUMNS,
  fromSettings,
  type LeadsSearch,
  readSearch,
  SORTS,
  STATES,
  toQuery,
  toSettings,
  USUAL_COLUMNS,
} from '@/lib/leadSearch'
import { placeName } from '@/lib/places'
import { serverNow } from '@/lib/serverClock'
import { word } from '@/lib/words'
import { DueCell } from '../DueCell'
import { ClaimAction } from './ClaimAction'
import { LeadBulkBar } from './LeadBulkBar'
import { LEAD_CELLS } from './leadCells'
import { LEAD_FILTERS } from './leadFilters'

function useRows(search: LeadsSearch, scope: Scope) {
  const query = useMemo(() => toQuery(search, scope, serverNow()), [search, scope])
  return { rows: useInfiniteQuery(leadsQuery(query)), counted: useQuery(leadCountQuery(query)).data }
}

export const LEAD_LIST: ListDescription<LeadCard, LeadsSearch, Scope> = {
  subject: 'lead',
  read: readSearch,
  useRows,
  settings: toSettings,
  shownBy: (view) => fromSettings(view.settings, view.id),
  words: (t, scope) => ({
    search: t('leads.search'),
    placeholder: t('leads.searchPlaceholder'),
    empty:
      scope === 'pool'
        ? { title: t('leads.emptyPool'), text: t('leads.emptyPoolText') }
        : { title: t('leads.emptyTitle'), text: t('leads.emptyText') },
    emptyFiltered: {
      title: t('leads.emptyFiltered'),
      text: t('leads.emptyFilteredText'),
      clear: t('leads.clearFilter'),
    },
  }),
  kinds: {
    name: 'state',
    choices: STATES,
    label: (t) => t('leads.filterState'),
    all: (t) => t('leads.allStates'),
    word: (t, state) => word(t, `lead.states.${state}`, state),
    isShown: (scope) => scope !== 'pool',
  },
  filters: LEAD_FILTERS,
  sorts: SORTS,
  sortWord: (t, sort) => word(t, `leads.sorts.${sort}`, sort),
  columns: COLUMNS,
  usualColumns: USUAL_COLUMNS,
  columnWord: (t, column) => word(t, `leads.columnNames.${column}`, column),
  cells: LEAD_CELLS,
  nameWidth: 240,
  name: leadName,
  card: {
    facts: (t, lead) => [lead.contact_name, placeName(lead.province, lead.city), sourceWords(t, lead.source)],
    Marks: ({ item }) => (
      <>
        <LeadStateTag state={item.state} />
        <DueCell lead={item} />
        <PoolCountdown at={item.returns_to_pool_at} within={SHOWN_WITHIN} />
      </>
    ),
    small: (t, lead) => (
      <>
        {lead.owner?.name ?? t('lead.noOwner')} · <Moment at={lead.received_at} />
      </>
    ),
    Action: ClaimAction,
  },
  Bulk: LeadBulkBar,
}
