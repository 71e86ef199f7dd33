import { useTranslation } from 'react-i18next'
import type { Script } from '@/api/types'
import { CopyButton } from '@/components/CopyButton'
import styles from './ScriptPanel.module.css'

/** The script to have before one's eyes while the phone rings. */
export function ScriptPanel({ script }: { script: Script }) {
  const { t } = useTranslation()
  return (
    <section className={styles.panel} aria-label={t('script.title')}>
      <div className={styles.head}>
        <h2 className={styles.title}>{script.title}</h2>
        <CopyButton text={script.body} label={t('script.copy')} type="text" size="small" />
      </div>
      <p className={styles.body}>{script.body}</p>
    </section>
  )
}
