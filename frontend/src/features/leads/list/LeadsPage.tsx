import { PlusOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ExportButton } from '@/components/ExportButton'
import { useLeadSheets } from '@/components/lead/LeadSheets'
import { List } from '@/components/list/List'
import { useDefaultView } from '@/components/list/useDefaultView'
import { Page } from '@/components/Page'
import { ForbiddenState } from '@/components/states'
import { type LeadsSearch, toSettings } from '@/lib/leadSearch'
import { useIsPhone } from '@/lib/media'
import { may, scopesOf, useMe } from '@/lib/session'
import { LEAD_LIST } from './leadList'

export function LeadsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const sheets = useLeadSheets()
  const navigate = useNavigate()
  const scopes = scopesOf(me)
  const search = useSearch({ from: '/shell/leads' })
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  const show = (next: LeadsSearch): void => void navigate({ to: '/leads', search: next, replace: true })
  useDefaultView('lead', search, (view) => show(LEAD_LIST.shownBy(view)))
  const add = may(me, 'lead.create') && (
    <Button
      type={isPhone ? 'default' : 'primary'}
      icon={<PlusOutlined aria-hidden />}
      aria-label={t('quick.open')}
      onClick={() => sheets.open({ kind: 'quick_entry' })}
    >
      {isPhone ? null : t('quick.open')}
    </Button>
  )
  return (
    <Page
      title={t('lead.title')}
      actions={
        <>
          {scope && scope !== 'pool' && may(me, 'export.run') && (
            <ExportButton list={{ target: 'leads', scope, filters: toSettings(search, scope).filter ?? {} }} />
          )}
          {add}
        </>
      }
    >
      {scope ? (
        <List list={LEAD_LIST} scopes={scopes} scope={scope} search={search} onChange={show} />
      ) : (
        <ForbiddenState title={t('leads.noScope')} text={t('list.noScopeText')} />
      )}
    </Page>
  )
}
