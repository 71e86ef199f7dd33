import { CheckOutlined, FormOutlined, SignatureOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Contract } from '@/api/types'
import { Card } from '@/components/Card'
import { ContractStateTag } from '@/components/contract/ContractStateTag'
import { Moment } from '@/components/Moment'
import { money } from '@/lib/money'
import styles from './ContractHead.module.css'
import { useContractSheets } from './ContractSheets'

/** What the contract is about, how much, and what is to be done with it now. */
export function ContractHead({ contract }: { contract: Contract }) {
  const { t } = useTranslation()
  const sheets = useContractSheets()
  const { actions } = contract
  return (
    <Card>
      <p className={styles.state}>
        <ContractStateTag contract={contract} />
        {contract.reference && <span className={styles.soft}>{contract.reference}</span>}
      </p>
      <dl className={styles.facts}>
        <Fact name={t('opportunity.fields.customer')}>
          {contract.customer && (
            <Link to="/customers/$customerId" params={{ customerId: contract.customer.id }}>
              {contract.customer.name}
            </Link>
          )}
        </Fact>
        <Fact name={t('contract.fields.opportunity')}>
          <Link to="/opportunities/$opportunityId" params={{ opportunityId: contract.opportunity.id }}>
            {contract.opportunity.name}
          </Link>
        </Fact>
        <Fact name={t('contract.fields.amount')}>
          <span className="figures">
            {contract.amount === null ? t('contract.amountHidden') : money(contract.amount, contract.currency)}
          </span>
        </Fact>
        <Fact name={t('opportunity.fields.owner')}>
          {[contract.owner.name, contract.backup_owner?.name].filter(Boolean).join(t('common.listSeparator'))}
        </Fact>
        {contract.signed_on ? (
          <Fact name={t('contract.fields.signed_on')}>
            <span className="figures">{contract.signed_on}</span>
            {contract.signed_by && <small className={styles.soft}> {contract.signed_by.name}</small>}
          </Fact>
        ) : (
          <Fact name={t('contract.fields.opened_at')}>
            <Moment at={contract.opened_at} />
          </Fact>
        )}
        {contract.completed_on && (
          <Fact name={t('contract.fields.completed_on')}>
            <span className="figures">{contract.completed_on}</span>
          </Fact>
        )}
      </dl>
      {contract.note && <p className={styles.note}>{contract.note}</p>}
      {actions.length > 0 && (
        <div className={styles.actions}>
          {actions.includes('sign') && (
            <Button
              type="primary"
              icon={<SignatureOutlined aria-hidden />}
              disabled={contract.missing.length > 0}
              onClick={() => sheets.open({ kind: 'sign', contract })}
            >
              {t('contract.sign')}
            </Button>
          )}
          {actions.includes('change') && (
            <Button icon={<FormOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'edit', contract })}>
              {t('common.edit')}
            </Button>
          )}
          {actions.includes('complete') && (
            <Button
              type={contract.next_milestone === null ? 'primary' : 'default'}
              icon={<CheckOutlined aria-hidden />}
              disabled={contract.next_milestone !== null || contract.missing.length > 0}
              onClick={() => sheets.open({ kind: 'complete', contract })}
            >
              {t('contract.complete')}
            </Button>
          )}
        </div>
      )}
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
