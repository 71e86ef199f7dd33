import { CheckCircleFilled, ClockCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import styles from './FollowUpSheet.module.css'
import { missingParts, PARTS, type Visit } from './visitChecklist'

/** Whether the visit counts as an effective one by now, and what is missing. */
export function VisitChecklist({ visit }: { visit: Visit }) {
  const { t } = useTranslation()
  const missing = missingParts(visit)
  const words = missing.map((part) => t(`followUp.parts.${part}`)).join(t('common.listSeparator'))
  return (
    <div className={styles.checklist}>
      <span aria-hidden className={styles.ticks}>
        {PARTS.map((part) => (
          <i key={part} className={missing.includes(part) ? styles.open : styles.there} />
        ))}
      </span>
      <span role="status">
        {missing.length === 0 ? (
          <>
            <CheckCircleFilled aria-hidden className={styles.effective} /> {t('followUp.isEffective')}
          </>
        ) : (
          <>
            <ClockCircleOutlined aria-hidden /> {t('followUp.stillMissing', { parts: words })}
          </>
        )}
      </span>
    </div>
  )
}
