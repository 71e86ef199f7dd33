import { FunnelPlotOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportButton } from '@/components/ExportButton'
import { LinkButton } from '@/components/LinkButton'
import { List } from '@/components/list/List'
import { useDefaultView } from '@/components/list/useDefaultView'
import { Page } from '@/components/Page'
import { CardSkeletons, ForbiddenState } from '@/components/states'
import { type OpportunitiesSearch, toOpportunitySettings } from '@/lib/opportunitySearch'
import { may, useMe } from '@/lib/session'
import { useUsualScope } from '../useUsualScope'
import { OPPORTUNITY_LIST } from './opportunityList'

/** All opportunities, the closed ones too, by any of their facts. */
export function OpportunitiesPage() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/opportunities' })
  const { scopes, scope, isAsking } = useUsualScope(search.scope)
  const show = (next: OpportunitiesSearch): void => void navigate({ to: '/opportunities', search: next, replace: true })
  useDefaultView('opportunity', search, (view) => show(OPPORTUNITY_LIST.shownBy(view)))
  const toBoard = (
    <LinkButton to="/board" search={{ scope: search.scope }} icon={<FunnelPlotOutlined aria-hidden />}>
      {t('deals.board')}
    </LinkButton>
  )
  return (
    <Page
      title={t('deals.title')}
      actions={
        <>
          {scope && may(me, 'export.run') && (
            <ExportButton
              list={{ target: 'opportunities', scope, filters: toOpportunitySettings(search, scope).filter ?? {} }}
            />
          )}
          {toBoard}
        </>
      }
    >
      {scope ? (
        <List list={OPPORTUNITY_LIST} scopes={scopes} scope={scope} search={search} onChange={show} />
      ) : isAsking ? (
        <CardSkeletons count={4} />
      ) : (
        <ForbiddenState />
      )}
    </Page>
  )
}
