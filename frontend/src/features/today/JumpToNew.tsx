import { ArrowUpOutlined } from '@ant-design/icons'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './JumpToNew.module.css'

const FAR = 240

/** For who has scrolled down: new leads wait above; nothing moves under the thumb. */
export function JumpToNew({ arrivals }: { arrivals: readonly { leadId: string; at: number }[] }) {
  const { t } = useTranslation()
  const isAway = useScrolledAway()
  const [seenAt, setSeenAt] = useState(() => Date.now())
  useEffect(() => {
    if (!isAway) setSeenAt(Date.now())
  }, [isAway])
  const count = arrivals.filter((arrival) => arrival.at > seenAt).length
  if (!isAway || count === 0) return null
  return (
    <button type="button" className={styles.jump} onClick={() => window.scrollTo({ top: 0, behavior: 'smooth' })}>
      <ArrowUpOutlined aria-hidden /> {t('today.jump', { count })}
    </button>
  )
}

function useScrolledAway(): boolean {
  const [isAway, setIsAway] = useState(false)
  useEffect(() => {
    const look = (): void => setIsAway(window.scrollY > FAR)
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [])
  return isAway
}
