import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { PoolRule } from '@/api/types'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { PoolRuleEditor } from './PoolRuleEditor'
import styles from './settings.module.css'
import { poolRulesQuery } from './settingsApi'

export function PoolRulesPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="settings.manage" title={t('pool.title')}>
      <PoolRules />
    </RequirePermission>
  )
}

function PoolRules() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const rules = useQuery({ ...poolRulesQuery, refetchOnWindowFocus: false })
  const items = rules.data?.items ?? []
  return (
    <Page title={t('pool.title')} subtitle={t('pool.subtitle')} width="reading" {...(isPhone ? { backTo: '/me' } : {})}>
      {rules.isPending && <CardSkeletons count={2} />}
      {rules.isError && <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />}
      {items.map((rule) => (
        <PoolRuleEditor key={rule.id} rule={rule} region={rule.region} />
      ))}
      {rules.data && <NewRule rules={items} />}
    </Page>
  )
}

/** A region that gets a rule of its own starts from the company's. */
function NewRule({ rules }: { rules: PoolRule[] }) {
  const { t } = useTranslation()
  const regions = useQuery(regionsQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const common = rules.find((rule) => rule.region === null)
  const free = (regions.data?.items ?? []).filter(({ id }) => !rules.some((rule) => rule.region?.id === id))
  const region = free.find(({ id }) => id === chosen)
  return (
    <>
      <label className={styles.label} htmlFor="pool-region">
        {t('pool.addRegion')}
      </label>
      <Select
        id="pool-region"
        style={{ width: '100%', marginBottom: 16 }}
        placeholder={t('pool.chooseRegion')}
        showSearch={{ optionFilterProp: 'label' }}
        value={region?.id ?? null}
        options={free.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      {region && common && <PoolRuleEditor key={region.id} rule={{ ...common, version: undefined }} region={region} />}
    </>
  )
}
