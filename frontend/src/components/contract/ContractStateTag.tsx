import { CheckCircleOutlined, EditOutlined, StopOutlined, TruckOutlined, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { ContractCard } from '@/api/types'
import styles from './ContractStateTag.module.css'

const ICONS = {
  signing: <EditOutlined />,
  delivering: <TruckOutlined />,
  completed: <CheckCircleOutlined />,
  void: <StopOutlined />,
} as const

/** Where a contract stands; late is told before everything else. */
export function ContractStateTag({ contract }: { contract: Pick<ContractCard, 'state' | 'is_late'> }) {
  const { t } = useTranslation()
  if (contract.is_late)
    return (
      <span className={`${styles.tag} ${styles.late}`}>
        <WarningFilled aria-hidden /> {t('contract.late')}
      </span>
    )
  return (
    <span className={`${styles.tag} ${styles[contract.state]}`}>
      <span aria-hidden>{ICONS[contract.state]}</span> {t(`contract.states.${contract.state}`)}
    </span>
  )
}
