import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OwnedScope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import shared from '@/components/Filters.module.css'
import { RegionSelect } from '@/components/RegionSelect'
import { CUSTOMER_KINDS, type CustomersSearch } from '@/lib/customerSearch'
import styles from './CustomerFilters.module.css'

interface Props {
  scopes: OwnedScope[]
  search: CustomersSearch & { scope: OwnedScope }
  onChange: (next: CustomersSearch) => void
}

/** How far to look, which kind, and beyond one's own: of which region and owner. */
export function CustomerFilters({ scopes, search, onChange }: Props) {
  const { t } = useTranslation()
  const { scope } = search
  return (
    <div className={shared.filters}>
      {scopes.length > 1 && (
        <Segmented<OwnedScope>
          aria-label={t('leads.filterScope')}
          value={scope}
          onChange={(next) => onChange({ scope: next, only: search.only })}
          options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
        />
      )}
      <div className={shared.states}>
        <ChoiceGrid
          size="chip"
          name="only"
          label={t('customer.filter')}
          value={search.only ?? 'all'}
          onChange={(next) => onChange({ ...search, only: CUSTOMER_KINDS.find((known) => known === next) })}
          choices={[
            { value: 'all', label: t('customer.filters.all') },
            ...CUSTOMER_KINDS.map((value) => ({ value, label: t(`customer.filters.${value}`) })),
          ]}
        />
      </div>
      {scope !== 'own' && (
        <div className={styles.selects}>
          <RegionSelect
            label={t('customer.filterRegion')}
            placeholder={t('customer.filterRegion')}
            value={search.region ?? null}
            onChange={(region) => onChange({ ...search, region: region ?? undefined })}
          />
          <ColleagueSelect
            label={t('customer.filterOwner')}
            placeholder={t('customer.filterOwner')}
            value={search.owner ?? null}
            onChange={(owner) => onChange({ ...search, owner: owner ?? undefined })}
          />
        </div>
      )}
    </div>
  )
}
