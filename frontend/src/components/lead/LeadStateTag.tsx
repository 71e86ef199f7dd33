import {
  BankOutlined,
  InboxOutlined,
  MergeCellsOutlined,
  PhoneOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { LeadState } from '@/api/types'
import styles from './LeadStateTag.module.css'

const ICONS = {
  new: <InboxOutlined />,
  assigned: <PhoneOutlined />,
  following: <SyncOutlined />,
  disqualified: <StopOutlined />,
  merged: <MergeCellsOutlined />,
  converted: <BankOutlined />,
} as const

/** State in words and as a shape, so that colour is never the only sign. */
export function LeadStateTag({ state }: { state: LeadState }) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.tag} ${styles[state]}`}>
      <span aria-hidden>{ICONS[state]}</span> {t(`lead.states.${state}`)}
    </span>
  )
}
