import {
  CheckCircleFilled,
  CheckOutlined,
  ClockCircleOutlined,
  FormOutlined,
  PlusOutlined,
  StopOutlined,
  WarningFilled,
} from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { changeMilestone, contractChanged } from '@/api/contracts'
import type { Contract, Milestone } from '@/api/types'
import { Card } from '@/components/Card'
import { sayProblem } from '@/lib/formProblem'
import { serverNow } from '@/lib/serverClock'
import { dateOf } from '@/lib/time'
import { useContractSheets } from './ContractSheets'
import styles from './MilestonesCard.module.css'

const ICONS = {
  open: <ClockCircleOutlined />,
  late: <WarningFilled />,
  done: <CheckCircleFilled />,
  cancelled: <StopOutlined />,
} as const

/** The steps of the delivery; before the signature, those that it would promise. */
export function MilestonesCard({ contract }: { contract: Contract }) {
  const { t } = useTranslation()
  const sheets = useContractSheets()
  const plans = contract.actions.includes('plan')
  if (contract.state === 'void') return null
  return (
    <Card title={t('contract.delivery')}>
      {contract.state === 'signing' ? (
        <>
          <p className={styles.soft}>
            {contract.planned.length > 0 ? t('contract.plannedHelp') : t('contract.nothingPlanned')}
          </p>
          <ol className={styles.list}>
            {contract.planned.map((step) => (
              <li key={step.title} className={styles.row}>
                <span className={`${styles.icon} ${styles.open}`} aria-hidden>
                  {ICONS.open}
                </span>
                <span className={styles.words}>
                  {step.title}
                  <small className={`figures ${styles.soft}`}>{step.due_on}</small>
                </span>
              </li>
            ))}
          </ol>
        </>
      ) : (
        <ol className={styles.list}>
          {contract.delivery.map((step) => (
            <Step key={step.id} contract={contract} step={step} plans={plans} />
          ))}
          {contract.delivery.length === 0 && <li className={styles.soft}>{t('contract.noMilestones')}</li>}
        </ol>
      )}
      {plans && (
        <Button icon={<PlusOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'milestone', contract })}>
          {t('contract.addMilestone')}
        </Button>
      )}
    </Card>
  )
}

function Step({ contract, step, plans }: { contract: Contract; step: Milestone; plans: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const sheets = useContractSheets()
  const done = useMutation({
    mutationFn: () => changeMilestone(contract.id, step.id, { done_on: dateOf(serverNow()) }, contract.version),
    onSuccess: () => {
      void message.success(t('contract.milestoneDone', { milestone: step.title }))
      return contractChanged(client)
    },
    onError: (error) => {
      sayProblem(message, t, error)
      void contractChanged(client)
    },
  })
  const isOpen = step.state === 'open' || step.state === 'late'
  return (
    <li className={`${styles.row} ${step.state === 'cancelled' ? styles.dropped : ''}`}>
      <span className={`${styles.icon} ${styles[step.state]}`} aria-hidden>
        {ICONS[step.state]}
      </span>
      <span className={styles.words}>
        <span className={styles.title}>{step.title}</span>
        <small className={`figures ${step.state === 'late' ? styles.late : styles.soft}`}>{whenWords(t, step)}</small>
        {step.reason && <small className={styles.soft}>{t('timeline.reason', { reason: step.reason })}</small>}
      </span>
      {plans && step.state !== 'cancelled' && (
        <span className={styles.actions}>
          {isOpen && (
            <Button
              size="small"
              type={step.state === 'late' ? 'primary' : 'default'}
              icon={<CheckOutlined aria-hidden />}
              loading={done.isPending}
              aria-label={t('contract.doneToday', { milestone: step.title })}
              onClick={() => done.mutate()}
            >
              {t('contract.done')}
            </Button>
          )}
          <Button
            size="small"
            icon={<FormOutlined aria-hidden />}
            aria-label={t('contract.editMilestone', { milestone: step.title })}
            onClick={() => sheets.open({ kind: 'milestone', contract, step })}
          />
        </span>
      )}
    </li>
  )
}

function whenWords(t: TFunction, step: Milestone): string {
  const said: string[] = [
    t(`contract.milestoneStates.${step.state}`),
    step.done_on ? t('contract.doneOn', { day: step.done_on }) : t('contract.dueOn', { day: step.due_on }),
  ]
  if (step.promised_on !== step.due_on) said.push(t('contract.promisedOn', { day: step.promised_on }))
  if (step.delay_days > 0) said.push(t('contract.delay', { count: step.delay_days }))
  return said.join(' · ')
}
