import { useTranslation } from 'react-i18next'
import type { Script } from '@/api/types'
import { CopyButton } from '@/components/CopyButton'
import styles from './ScriptPanel.module.css'

/** The script to have before one's eyes while the phone rings. */
export function ScriptPanel({ script, level }: { script: Script; level: 2 | 3 }) {
  const { t } = useTranslation()
  const Title = level === 2 ? 'h2' : 'h3'
  return (
    <section className={styles.panel} aria-label={t('script.title')}>
      <div className={styles.head}>
        <Title className={styles.title}>{script.title}</Title>
        <CopyButton text={script.body} label={t('script.copy')} type="text" size="small" />
      </div>
      <p className={styles.body}>{script.body}</p>
    </section>
  )
}
