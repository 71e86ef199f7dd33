import { useTranslation } from 'react-i18next'
import type { Fault } from '@/api/types'
import { faultWords } from './faultWords'
import styles from './webhooks.module.css'

export function Faults({ faults }: { faults: Fault[] }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.faults}>
      {faults.map((fault) => (
        <li key={`${fault.code} ${fault.field}`}>{faultWords(t, fault)}</li>
      ))}
    </ul>
  )
}
