import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { customerSearchQuery } from '@/api/customers'
import { leadSearchQuery } from '@/api/leads'
import { opportunitySearchQuery } from '@/api/opportunities'
import { may, ownedScopesOf, scopesOf, useMe } from '@/lib/session'
import { problemWords } from '@/lib/words'
import { customerHit, leadHit, opportunityHit, type SearchHit } from './hits'

const MOST = 8
const SHORTEST = 2

/** The records in which a text is found, and a sentence about how the search stands. */
export function useRecordHits(typed: string, isOn: boolean): { hits: SearchHit[]; said: string } {
  const { t } = useTranslation()
  const me = useMe()
  const q = useDeferredValue(typed.trim())
  const isLong = [...q].length >= SHORTEST
  const scopes = scopesOf(me)
  const owned = ownedScopesOf(me)
  const leads = useQuery({ ...leadSearchQuery(q, scopes, MOST), enabled: isOn && isLong && scopes.length > 0 })
  const customers = useQuery({ ...customerSearchQuery(q, owned, MOST), enabled: isOn && isLong && owned.length > 0 })
  const deals = useQuery({
    ...opportunitySearchQuery(q, owned, MOST),
    enabled: isOn && isLong && owned.length > 0 && may(me, 'opportunity.read'),
  })
  const all = [leads, customers, deals]
  // Another subject is one more list of hits here.
  const found: SearchHit[] = [
    ...(customers.data ?? []).map((customer) => customerHit(t, customer)),
    ...(deals.data ?? []).map((deal) => opportunityHit(t, deal)),
    ...(leads.data ?? []).map((lead) => leadHit(t, lead)),
  ]
  const hits = isLong ? found : []
  const wrong = all.find((query) => query.isError)
  if (wrong) return { hits, said: problemWords(t, wrong.error).title }
  if (!isLong) return { hits, said: t('search.hint') }
  if (all.some((query) => query.isLoading)) return { hits, said: t('common.loading') }
  return { hits, said: hits.length === 0 ? t('search.nothing', { q }) : t('search.found', { count: hits.length }) }
}
