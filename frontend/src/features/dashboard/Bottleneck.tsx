import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '@/api/types'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import type { Behind } from '@/lib/dashboardSearch'
import styles from './dashboard.module.css'
import { standardWords } from './figures'

/** Where deals wait longest against what is usual, in one sentence. */
export function Bottleneck({ figures, behind }: { figures: Dashboard; behind: Behind }) {
  const { t, i18n } = useTranslation()
  const { stages, bottleneck } = figures
  const found = stages.find(({ stage }) => stage.key === bottleneck)
  if (!found) {
    const hasEnded = stages.some(({ finished }) => finished > 0)
    return <p className={styles.sentence}>{hasEnded ? t('dashboard.noBottleneck') : t('dashboard.nothingEnded')}</p>
  }
  const stage = stageName(found.stage, asLanguage(i18n.language))
  return (
    <p className={`${styles.sentence} ${styles.isLate}`}>
      <strong>
        {t('dashboard.bottleneck', { stage, days: found.average_days ?? '', standard: standardWords(t, found) })}
      </strong>
      <Link to="/stays" search={behind.ended(found.stage.id)}>
        {t('dashboard.seeLongest')}
      </Link>
    </p>
  )
}
