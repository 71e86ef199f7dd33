import { BarChartOutlined, FunnelPlotOutlined, UndoOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ComponentType, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { dashboardQuery } from '@/api/dashboard'
import { LinkButton } from '@/components/LinkButton'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import { Behind, type DashboardSearch, toDashboardQuery } from '@/lib/dashboardSearch'
import { useIsPhone } from '@/lib/media'
import { may, ownedScopesOf, useMe } from '@/lib/session'
import { Bottleneck } from './Bottleneck'
import { ConversionTile } from './ConversionTile'
import { DashboardTools } from './DashboardTools'
import { DwellTile } from './DwellTile'
import styles from './dashboard.module.css'
import { FunnelTile } from './FunnelTile'
import { isBlank } from './figures'
import { Headlines } from './Headlines'
import { moved, sized, type TileName } from './layout'
import { SourcesTile } from './SourcesTile'
import { TileFrame } from './TileFrame'
import type { TileContent } from './TileTable'
import { useLayout } from './useLayout'

const CONTENT: Record<TileName, ComponentType<TileContent>> = {
  funnel: FunnelTile,
  dwell: DwellTile,
  conversion: ConversionTile,
  sources: SourcesTile,
}

/** 仪表盘: how full the funnel is, where deals wait, how many go on, which sources are good. */
export function DashboardPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/dashboard' })
  const scopes = may(me, 'opportunity.read') ? ownedScopesOf(me) : []
  const scope = scopes.find((known) => known === search.scope) ?? scopes.at(-1)
  const query = useMemo(() => toDashboardQuery(search, scope ?? 'own'), [search, scope])
  const found = useQuery({ ...dashboardQuery(query), enabled: scope !== undefined })
  const { isReady, tiles, isUsual, arrange, reset } = useLayout()
  const move = useCallback((name: TileName, to: number) => arrange(moved(tiles, name, to)), [tiles, arrange])
  const size = useCallback(
    (name: TileName, wanted: { width?: number; height?: number }) => arrange(sized(tiles, name, wanted)),
    [tiles, arrange],
  )
  const show = (next: DashboardSearch): void => void navigate({ to: '/dashboard', search: next, replace: true })
  if (!scope)
    return (
      <Page title={t('dashboard.title')}>
        <ForbiddenState />
      </Page>
    )
  const figures = found.data
  const behind = figures && new Behind(figures, search, scope)
  const actions = (
    <>
      {!isUsual && (
        <Button icon={<UndoOutlined aria-hidden />} aria-label={t('dashboard.reset')} onClick={reset}>
          {isPhone ? null : t('dashboard.reset')}
        </Button>
      )}
      <LinkButton
        to="/board"
        search={{ scope }}
        icon={<FunnelPlotOutlined aria-hidden />}
        aria-label={t('deals.board')}
      >
        {isPhone ? null : t('deals.board')}
      </LinkButton>
    </>
  )
  return (
    <Page title={t('dashboard.title')} width="full" actions={actions}>
      <DashboardTools scopes={scopes} scope={scope} search={search} onChange={show} />
      {(found.isPending || !isReady) && <CardSkeletons count={4} />}
      {found.isError && !figures && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {figures && isReady && isBlank(figures) && (
        <EmptyState
          icon={<BarChartOutlined aria-hidden />}
          title={t('dashboard.empty')}
          text={t('dashboard.emptyText')}
          action={<Link to="/customers">{t('board.goCustomers')}</Link>}
        />
      )}
      {figures && behind && isReady && !isBlank(figures) && (
        <>
          <Bottleneck figures={figures} behind={behind} />
          <Headlines figures={figures} behind={behind} />
          <div className={styles.grid}>
            {tiles.map((tile, place) => {
              const Content = CONTENT[tile.name]
              return (
                <TileFrame
                  key={tile.name}
                  tile={tile}
                  place={place}
                  many={tiles.length}
                  isPhone={isPhone}
                  onMove={move}
                  onSize={size}
                >
                  {(isTable) => <Content figures={figures} behind={behind} isTable={isTable} />}
                </TileFrame>
              )
            })}
          </div>
        </>
      )}
    </Page>
  )
}
