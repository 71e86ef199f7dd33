import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { OpportunitiesSearch } from '@/lib/opportunitySearch'
import type { StaysSearch } from '@/lib/staysSearch'
import styles from './dashboard.module.css'

interface Props {
  children: string | number
  /** What it counts, for who hears it alone. */
  of: string
}

function useWords({ children, of }: Props) {
  const { t } = useTranslation()
  return { className: `${styles.figure} figures`, 'aria-label': t('dashboard.open', { of, figure: children }) }
}

/** A figure that opens the opportunities behind it. */
export function DealsFigure({ search, ...props }: Props & { search: OpportunitiesSearch }) {
  const words = useWords(props)
  if (props.children === 0) return <span className="figures">0</span>
  return (
    <Link to="/opportunities" search={search} {...words}>
      {props.children}
    </Link>
  )
}

/** A figure that opens the stays behind it. */
export function StaysFigure({ search, ...props }: Props & { search: StaysSearch }) {
  const words = useWords(props)
  if (props.children === 0) return <span className="figures">0</span>
  return (
    <Link to="/stays" search={search} {...words}>
      {props.children}
    </Link>
  )
}

/** A figure that opens the leads behind it. */
export function LeadsFigure({ search, ...props }: Props & { search: object }) {
  const words = useWords(props)
  if (props.children === 0) return <span className="figures">0</span>
  return (
    <Link to="/leads" search={search} {...words}>
      {props.children}
    </Link>
  )
}
