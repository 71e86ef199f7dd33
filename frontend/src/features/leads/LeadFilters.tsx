import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ListedState, Scope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import styles from './LeadFilters.module.css'

const STATES: ListedState[] = ['new', 'assigned', 'following', 'disqualified']

interface Props {
  scopes: Scope[]
  scope: Scope
  state: ListedState | undefined
  onChange: (next: { scope: Scope; state?: ListedState | undefined }) => void
}

export function LeadFilters({ scopes, scope, state, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className={styles.filters}>
      {scopes.length > 1 && (
        <Segmented<Scope>
          aria-label={t('leads.filterScope')}
          value={scope}
          onChange={(next) => onChange({ scope: next, state })}
          options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
        />
      )}
      <div className={styles.states}>
        <ChoiceGrid
          size="chip"
          name="state"
          label={t('leads.filterState')}
          value={state ?? 'all'}
          onChange={(next) => onChange({ scope, state: STATES.find((known) => known === next) })}
          choices={[
            { value: 'all', label: t('leads.allStates') },
            ...STATES.map((value) => ({ value, label: t(`lead.states.${value}`) })),
          ]}
        />
      </div>
    </div>
  )
}
