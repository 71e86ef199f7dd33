import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  HourglassOutlined,
  RollbackOutlined,
} from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { RequestState } from '@/api/types'
import styles from './RequestStateTag.module.css'

const ICONS = {
  pending: <HourglassOutlined />,
  approved: <CheckCircleOutlined />,
  rejected: <CloseCircleOutlined />,
  withdrawn: <RollbackOutlined />,
  expired: <ClockCircleOutlined />,
} as const

export function RequestStateTag({ state }: { state: RequestState }) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.tag} ${styles[state]}`}>
      <span aria-hidden>{ICONS[state]}</span> {t(`change.states.${state}`)}
    </span>
  )
}
