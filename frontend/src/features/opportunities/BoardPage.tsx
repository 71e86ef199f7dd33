import { FunnelPlotOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { boardQuery, pipelinesQuery } from '@/api/opportunities'
import { Page } from '@/components/Page'
import { EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import { type BoardSearch, toBoardQuery } from '@/lib/boardSearch'
import { choosePipeline, chosenPipeline } from '@/lib/chosenPipeline'
import { useIsPhone } from '@/lib/media'
import { serverNow } from '@/lib/serverClock'
import { may, ownedScopesOf, useMe } from '@/lib/session'
import { Board } from './Board'
import { BoardLinks } from './BoardLinks'
import { BoardSkeleton } from './BoardSkeleton'
import { BoardTools } from './BoardTools'
import { PhoneBoard } from './PhoneBoard'
import { PipelineChoice } from './PipelineChoice'

/** 项目进度看板: who deals with what, how far it is, and what stands still. */
export function BoardPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/board' })
  const scopes = may(me, 'opportunity.read') ? ownedScopesOf(me) : []
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  const pipelines = useQuery({ ...pipelinesQuery, enabled: scope !== undefined })
  const items = pipelines.data?.items ?? []
  const wanted = search.pipeline ?? chosenPipeline(me.id)
  const pipeline = items.find(({ id }) => id === wanted)?.id
  const query = useMemo(
    () => toBoardQuery({ ...search, pipeline }, scope ?? 'own', serverNow()),
    [search, pipeline, scope],
  )
  // Without a choice the default one is shown, and nobody waits for the list of pipelines.
  const isSettled = wanted === undefined || pipelines.isFetched
  const board = useQuery({ ...boardQuery(query), enabled: scope !== undefined && isSettled })
  const show = (next: BoardSearch): void => void navigate({ to: '/board', search: next, replace: true })
  const choose = (id: string): void => {
    choosePipeline(me.id, id)
    show({ ...search, pipeline: id, stage: undefined })
  }
  if (!scope)
    return (
      <Page title={t('board.title')}>
        <ForbiddenState />
      </Page>
    )
  const { scope: _, sort: __, pipeline: ___, ...narrowing } = query
  const isNarrowed = Object.values(narrowing).some((value) => value !== undefined)
  const isEmpty = board.data?.columns.every((column) => column.count === 0)
  return (
    <Page
      title={t('board.title')}
      width="full"
      actions={
        <>
          <PipelineChoice pipelines={items} value={pipeline} onChange={choose} />
          <BoardLinks scope={search.scope} />
        </>
      }
    >
      <BoardTools scopes={scopes} scope={scope} search={search} onChange={show} />
      {board.isPending && <BoardSkeleton />}
      {board.isError && !board.data && <ErrorState error={board.error} onRetry={() => void board.refetch()} />}
      {board.data && isEmpty && (
        <EmptyState
          icon={<FunnelPlotOutlined aria-hidden />}
          title={isNarrowed ? t('board.emptyFiltered') : t('board.empty')}
          text={isNarrowed ? t('board.emptyFilteredText') : t('board.emptyText')}
          action={
            isNarrowed ? (
              <Button onClick={() => show({ scope: search.scope })}>{t('board.clearFilter')}</Button>
            ) : (
              <Link to="/customers">{t('board.goCustomers')}</Link>
            )
          }
        />
      )}
      {board.data && !isEmpty && isPhone && (
        <PhoneBoard
          board={board.data}
          query={query}
          stage={search.stage}
          onStage={(stage) => show({ ...search, stage })}
        />
      )}
      {board.data && !isEmpty && !isPhone && <Board board={board.data} query={query} />}
    </Page>
  )
}
