import { useTranslation } from 'react-i18next'
import type { ImportState } from '@/api/types'
import styles from './imports.module.css'
import { WORKING } from './outcome'

const TONES: Partial<Record<ImportState, string | undefined>> = {
  done: styles.good,
  unreadable: styles.late,
  stopped: styles.soon,
  mapping: styles.soon,
  ready: styles.soon,
}

export function StateTag({ state }: { state: ImportState }) {
  const { t } = useTranslation()
  const tone = WORKING.includes(state) ? styles.calm : TONES[state]
  return <span className={`${styles.state} ${tone ?? ''}`}>{t(`imports.states.${state}`)}</span>
}
