import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Input, type InputRef, Modal } from 'antd'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customerSearchQuery } from '@/api/customers'
import { leadSearchQuery } from '@/api/leads'
import { opportunitySearchQuery } from '@/api/opportunities'
import { useIsPhone } from '@/lib/media'
import { may, ownedScopesOf, scopesOf, useMe } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import { problemWords } from '@/lib/words'
import { customerHit, leadHit, opportunityHit, type SearchHit } from './hits'
import styles from './SearchSheet.module.css'

const MOST = 8
const SHORTEST = 2
const LIST_OF = { lead: '/leads', customer: '/customers', opportunity: '/board' } as const

interface Props {
  open: boolean
  onClose: () => void
}

/** One box over everything that the person may see; arrows choose, Enter opens. */
export function SearchSheet({ open, onClose }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const me = useMe()
  const navigate = useNavigate()
  const listId = useId()
  const box = useRef<InputRef>(null)
  const [typed, setTyped] = useState('')
  // What is typed right after the key that opened it belongs in here, before any animation has ended.
  useEffect(() => box.current?.focus(), [])
  const [place, setPlace] = useState(0)
  const q = useDeferredValue(typed.trim())
  const isLong = [...q].length >= SHORTEST
  const scopes = scopesOf(me)
  const leads = useQuery({ ...leadSearchQuery(q, scopes, MOST), enabled: open && isLong && scopes.length > 0 })
  const owned = ownedScopesOf(me)
  const customers = useQuery({ ...customerSearchQuery(q, owned, MOST), enabled: open && isLong && owned.length > 0 })
  const deals = useQuery({
    ...opportunitySearchQuery(q, owned, MOST),
    enabled: open && isLong && owned.length > 0 && may(me, 'opportunity.read'),
  })
  const all = [leads, customers, deals]
  // Another subject is one more list of hits here.
  const found: SearchHit[] = [
    ...(customers.data ?? []).map((customer) => customerHit(t, customer)),
    ...(deals.data ?? []).map((deal) => opportunityHit(t, deal)),
    ...(leads.data ?? []).map((lead) => leadHit(t, lead)),
  ]
  const hits = isLong ? found : []
  const kinds = (['customer', 'opportunity', 'lead'] as const).filter((kind) => hits.some((hit) => hit.kind === kind))
  const chosen = hits[Math.min(place, hits.length - 1)]
  const go = (hit: SearchHit | undefined): void => {
    if (!hit) return
    noteUse('search.open')
    onClose()
    if (hit.kind === 'lead') void navigate({ to: '/leads/$leadId', params: { leadId: hit.id } })
    else if (hit.kind === 'opportunity')
      void navigate({ to: '/opportunities/$opportunityId', params: { opportunityId: hit.id } })
    else void navigate({ to: '/customers/$customerId', params: { customerId: hit.id } })
  }
  const showAll = (kind: SearchHit['kind']): void => {
    onClose()
    const scope = scopes.includes('company') ? 'company' : scopes.includes('region') ? 'region' : 'own'
    void navigate({ to: LIST_OF[kind], search: { scope, q } })
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(chosen)
    if (!step || hits.length === 0) return
    event.preventDefault()
    setPlace((Math.min(place, hits.length - 1) + step + hits.length) % hits.length)
  }
  const wrong = all.find((query) => query.isError)
  const said = wrong
    ? problemWords(t, wrong.error).title
    : !isLong
      ? t('search.hint')
      : all.some((query) => query.isLoading)
        ? t('common.loading')
        : hits.length === 0
          ? t('search.nothing', { q })
          : t('search.found', { count: hits.length })
  return (
    <Modal
      open={open}
      onCancel={onClose}
      afterOpenChange={(isOpen) => isOpen && box.current?.focus()}
      title={t('search.title')}
      footer={null}
      width={isPhone ? '100%' : 620}
      style={{ top: isPhone ? 0 : 80 }}
      {...(isPhone ? { wrapClassName: styles.phone } : {})}
      destroyOnHidden
    >
      <Input
        ref={box}
        size="large"
        role="combobox"
        aria-label={t('search.title')}
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(chosen ? { 'aria-activedescendant': `${listId}-${chosen.id}` } : {})}
        placeholder={t('leads.searchPlaceholder')}
        prefix={<SearchOutlined aria-hidden />}
        value={typed}
        maxLength={50}
        onChange={(event) => {
          setTyped(event.target.value)
          setPlace(0)
        }}
        onKeyDown={press}
      />
      <p className={styles.said} role="status">
        {said}
      </p>
      {hits.length > 0 && (
        <>
          <div id={listId} role="listbox" aria-label={t('search.results')} className={styles.hits}>
            {hits.map((hit) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the focus and the keys
              <div
                key={hit.id}
                id={`${listId}-${hit.id}`}
                role="option"
                aria-selected={hit === chosen}
                tabIndex={-1}
                className={styles.hit}
                onClick={() => go(hit)}
              >
                <strong>{hit.name}</strong>
                <span className={styles.soft}>{hit.line}</span>
              </div>
            ))}
          </div>
          {kinds.map((kind) => (
            <button key={kind} type="button" className={styles.all} onClick={() => showAll(kind)}>
              {t(`search.all.${kind}`)}
            </button>
          ))}
        </>
      )}
    </Modal>
  )
}
