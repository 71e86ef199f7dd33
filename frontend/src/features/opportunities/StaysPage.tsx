import { BarChartOutlined, FieldTimeOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { stayCountQuery, staysQuery } from '@/api/opportunities'
import type { OwnedScope, StayRow } from '@/api/types'
import { FactLine } from '@/components/FactLine'
import { LinkButton } from '@/components/LinkButton'
import { LoadMore } from '@/components/LoadMore'
import { FilterChips } from '@/components/list/FilterChips'
import { isShown } from '@/components/list/filters'
import { ListCount } from '@/components/list/ListCount'
import { Moment } from '@/components/Moment'
import { stageName } from '@/components/opportunity/opportunityWords'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import { serverNow } from '@/lib/serverClock'
import { readStaysSearch, STAY_OUTCOMES, STAY_SORTS, type StaysSearch, toStayQuery } from '@/lib/staysSearch'
import { word } from '@/lib/words'
import { STAY_FILTERS } from './list/opportunityFilters'
import styles from './StaysPage.module.css'
import { useUsualScope } from './useUsualScope'

const DAY = 86_400_000
const ANY = 'any'

/** Stays of deals in stages, the longest first if asked: what stands behind the figures of dwell and conversion. */
export function StaysPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/stays' })
  const { scopes, scope, isAsking } = useUsualScope(search.scope)
  const query = useMemo(() => toStayQuery(search, scope ?? 'own'), [search, scope])
  const rows = useInfiniteQuery({ ...staysQuery(query), enabled: scope !== undefined })
  const counted = useQuery({ ...stayCountQuery(query), enabled: scope !== undefined }).data
  if (!scope) return <Page title={t('stays.title')}>{isAsking ? <CardSkeletons count={4} /> : <ForbiddenState />}</Page>
  const items = rows.data?.pages.flatMap((page) => page.items) ?? []
  const change = (more: Partial<StaysSearch>): void =>
    void navigate({ to: '/stays', search: readStaysSearch({ ...search, ...more }), replace: true })
  const toFigures = (
    <LinkButton to="/dashboard" search={{ scope }} icon={<BarChartOutlined aria-hidden />}>
      {t('dashboard.title')}
    </LinkButton>
  )
  return (
    <Page title={t('stays.title')} actions={toFigures}>
      <div className={styles.tools}>
        {scopes.length > 1 && (
          <Segmented<OwnedScope>
            aria-label={t('list.scope')}
            value={scope}
            onChange={(next) => change({ scope: next })}
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <Select
          aria-label={t('stays.outcome')}
          value={search.outcome ?? ANY}
          onChange={(outcome) => change({ outcome: outcome === ANY ? undefined : (outcome as StaysSearch['outcome']) })}
          options={[ANY, ...STAY_OUTCOMES].map((value) => ({
            value,
            label: word(t, `stays.outcomes.${value}`, value),
          }))}
        />
        <Select
          aria-label={t('list.sort')}
          value={search.sort ?? STAY_SORTS[0]}
          onChange={(sort) => change({ sort })}
          options={STAY_SORTS.map((value) => ({ value, label: word(t, `stays.sorts.${value}`, value) }))}
        />
      </div>
      <FilterChips
        filters={STAY_FILTERS.filter((filter) => isShown(filter, scope))}
        scope={scope}
        values={{ ...search }}
        more={{}}
        onRemove={(name) => change({ [name]: undefined })}
      />
      {rows.isPending && <CardSkeletons count={4} />}
      {rows.isError && items.length === 0 && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data && items.length === 0 && (
        <EmptyState
          icon={<FieldTimeOutlined aria-hidden />}
          title={t('stays.empty')}
          text={t('board.emptyFilteredText')}
        />
      )}
      {items.length > 0 && (
        <>
          <ListCount counted={counted} />
          <ul className={styles.list}>
            {items.map((stay) => (
              <Stay key={stay.id} stay={stay} />
            ))}
          </ul>
          <LoadMore {...rows} />
        </>
      )}
    </Page>
  )
}

function Stay({ stay }: { stay: StayRow }) {
  const { t, i18n } = useTranslation()
  const { opportunity: deal, stage, entered_at, left_at, left_move } = stay
  const end = left_at ? Date.parse(left_at) : serverNow()
  const days = Math.round(((end - Date.parse(entered_at)) / DAY) * 10) / 10
  const facts = [
    deal.name,
    deal.owner.name,
    deal.expected_amount === null ? null : money(deal.expected_amount, deal.currency),
  ]
  return (
    <li className={styles.stay}>
      <div className={styles.who}>
        <Link to="/opportunities/$opportunityId" params={{ opportunityId: deal.id }}>
          {deal.customer?.name ?? deal.name}
        </Link>
        <FactLine facts={facts} className={styles.soft} />
      </div>
      <div className={styles.when}>
        <strong className="figures">
          {stageName(stage, asLanguage(i18n.language))} · {t('dashboard.daysOf', { days, count: Number(days) })}
        </strong>
        <p className={styles.soft}>
          <Moment at={entered_at} /> → {left_at ? <Moment at={left_at} /> : t('stays.goesOn')}
          {left_move && ` · ${t(`opportunity.moves.${left_move}`)}`}
        </p>
      </div>
    </li>
  )
}
