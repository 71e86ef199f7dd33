import { FileDoneOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { contractsQuery } from '@/api/contracts'
import type { ContractCard, OwnedScope } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ContractStateTag } from '@/components/contract/ContractStateTag'
import { progressWords } from '@/components/contract/contractWords'
import { FactLine } from '@/components/FactLine'
import { LoadMore } from '@/components/LoadMore'
import cards from '@/components/list/ListCards.module.css'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState, ForbiddenState } from '@/components/states'
import { CONTRACT_KINDS, type ContractsSearch, toContractQuery } from '@/lib/contractSearch'
import { useIsPhone } from '@/lib/media'
import { money } from '@/lib/money'
import { may, ownedScopesOf, useMe } from '@/lib/session'
import styles from './ContractsPage.module.css'

export function ContractsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const scopes = may(me, 'opportunity.read') ? ownedScopesOf(me) : []
  const search = useSearch({ from: '/shell/contracts' })
  const scope = scopes.find((known) => known === search.scope) ?? scopes[0]
  return (
    <Page title={t('contract.title')} {...(isPhone ? { backTo: '/me' } : {})}>
      {scope ? (
        <Contracts scopes={scopes} scope={scope} search={search} />
      ) : (
        <ForbiddenState title={t('contract.noScope')} text={t('list.noScopeText')} />
      )}
    </Page>
  )
}

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: ContractsSearch
}

const ALL = 'all'

function Contracts({ scopes, scope, search }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const show = (next: ContractsSearch): void => void navigate({ to: '/contracts', search: next, replace: true })
  const contracts = useInfiniteQuery(contractsQuery(toContractQuery(search, scope)))
  const items = contracts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <div className={styles.tools}>
        {scopes.length > 1 && (
          <Segmented<OwnedScope>
            aria-label={t('list.scope')}
            value={scope}
            onChange={(next) => show({ ...search, scope: next })}
            options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
          />
        )}
        <ChoiceGrid
          size="chip"
          name="contract-state"
          label={t('contract.stateLabel')}
          value={search.only ?? ALL}
          onChange={(next) => show({ ...search, only: CONTRACT_KINDS.find((kind) => kind === next) })}
          choices={[
            { value: ALL, label: t('contract.all') },
            ...CONTRACT_KINDS.map((value) => ({
              value,
              label: value === 'late' ? t('contract.late') : t(`contract.states.${value}`),
            })),
          ]}
        />
      </div>
      {contracts.isPending && <CardSkeletons count={4} />}
      {contracts.isError && items.length === 0 && (
        <ErrorState error={contracts.error} onRetry={() => void contracts.refetch()} />
      )}
      {contracts.data && items.length === 0 && (
        <EmptyState
          icon={<FileDoneOutlined aria-hidden />}
          title={search.only ? t('contract.emptyFiltered') : t('contract.empty')}
          text={t('contract.emptyText')}
          action={<Link to="/board">{t('opportunity.goBoard')}</Link>}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={`${cards.list} ${styles.grid}`}>
            {items.map((contract) => (
              <Item key={contract.id} contract={contract} />
            ))}
          </ul>
          <LoadMore {...contracts} />
        </>
      )}
    </>
  )
}

function Item({ contract }: { contract: ContractCard }) {
  const { t } = useTranslation()
  const amount = contract.amount === null ? null : money(contract.amount, contract.currency)
  return (
    <li className={cards.card}>
      <div className={cards.top}>
        <Link to="/contracts/$contractId" params={{ contractId: contract.id }} className={cards.name}>
          {contract.title}
        </Link>
        <ContractStateTag contract={contract} />
      </div>
      <FactLine facts={[contract.customer?.name, amount, contract.owner.name]} />
      <p className={cards.small}>
        {[
          contract.reference ?? contract.number,
          contract.signed_on && t('contract.signedOn', { day: contract.signed_on }),
          progressWords(t, contract),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  )
}
