import { useTranslation } from 'react-i18next'
import type { EmailState } from '@/api/types'
import styles from './Email.module.css'

const TONES: Partial<Record<EmailState, string | undefined>> = {
  pending: styles.soon,
  failed: styles.late,
  sorting: styles.soon,
}
const SILENT: readonly EmailState[] = ['sent', 'filed']

/** Where a letter stands, where that is worth a word. */
export function EmailStateTag({ state }: { state: EmailState }) {
  const { t } = useTranslation()
  if (SILENT.includes(state)) return null
  return <span className={`${styles.tag} ${TONES[state] ?? ''}`}>{t(`mail.states.${state}`)}</span>
}
