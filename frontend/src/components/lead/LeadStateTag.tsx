import { useTranslation } from 'react-i18next'
import type { LeadCard } from '@/api/types'
import styles from './LeadStateTag.module.css'

const SHAPES = { new: '○', assigned: '◔', following: '◑', disqualified: '×' } as const

/** State in words and as a shape, so that colour is never the only sign. */
export function LeadStateTag({ state }: { state: LeadCard['state'] }) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.tag} ${styles[state]}`}>
      <span aria-hidden>{SHAPES[state]}</span> {t(`lead.states.${state}`)}
    </span>
  )
}
