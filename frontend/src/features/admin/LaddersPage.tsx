import { FieldTimeOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { Dailies } from './Dailies'
import { LadderEditor } from './LadderEditor'
import { laddersQuery } from './settingsApi'

export function LaddersPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="settings.manage" title={t('ladders.title')}>
      <Ladders />
    </RequirePermission>
  )
}

function Ladders() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const ladders = useQuery({ ...laddersQuery, refetchOnWindowFocus: false })
  const items = ladders.data?.items ?? []
  return (
    <Page
      title={t('ladders.title')}
      subtitle={t('ladders.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      {ladders.isPending && <CardSkeletons count={2} />}
      {ladders.isError && <ErrorState error={ladders.error} onRetry={() => void ladders.refetch()} />}
      {ladders.data && items.length === 0 && (
        <EmptyState icon={<FieldTimeOutlined aria-hidden />} title={t('ladders.emptyTitle')} />
      )}
      {items.map((ladder) => (
        <LadderEditor
          key={ladder.kind}
          ladder={ladder}
          bases={ladders.data?.bases[ladder.kind] ?? []}
          recipients={ladders.data?.recipients[ladder.kind] ?? []}
          isFixed={ladders.data?.fixed.includes(ladder.kind) ?? false}
        />
      ))}
      <Dailies />
    </Page>
  )
}
