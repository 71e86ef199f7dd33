import { useRegisterSW } from 'virtual:pwa-register/react'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './UpdateNotice.module.css'

/** A new version waits until the person takes it: nothing typed is lost. */
export function UpdateNotice() {
  const { t } = useTranslation()
  const {
    needRefresh: [isReady, setIsReady],
    updateServiceWorker,
  } = useRegisterSW()
  if (!isReady) return null
  return (
    <div role="status" className={styles.notice}>
      <span className={styles.words}>{t('update.ready')}</span>
      <Button type="text" className={styles.later} onClick={() => setIsReady(false)}>
        {t('update.later')}
      </Button>
      <Button type="primary" onClick={() => void updateServiceWorker(true)}>
        {t('update.apply')}
      </Button>
    </div>
  )
}
