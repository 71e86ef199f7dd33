import { DisconnectOutlined, SyncOutlined } from '@ant-design/icons'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../live/LiveProvider'
import styles from './ConnectionBanner.module.css'

const PATIENCE_MS = 4000

/** Says so when what is on the screen may be old; a short interruption says nothing. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const { state, retry } = useLive()
  const isDown = useLasting(state === 'lost' || state === 'offline', PATIENCE_MS)
  return (
    <div role="status" className={styles.place}>
      {isDown && (
        <div className={styles.banner}>
          {state === 'offline' ? <DisconnectOutlined aria-hidden /> : <SyncOutlined aria-hidden />}
          <span className={styles.words}>{state === 'offline' ? t('connection.offline') : t('connection.lost')}</span>
          <button type="button" className={styles.retry} onClick={retry}>
            {t('connection.retry')}
          </button>
        </div>
      )}
    </div>
  )
}

function useLasting(value: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (!value) return setLasts(false)
    const timer = setTimeout(() => setLasts(true), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return lasts
}
