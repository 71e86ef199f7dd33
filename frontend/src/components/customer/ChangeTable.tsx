import { ArrowRightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { ChangeRequest } from '@/api/types'
import styles from './ChangeTable.module.css'
import { changeWords } from './changeWords'

/** Field by field what is and what is to be; on the phone one below the other. */
export function ChangeTable({ request }: { request: ChangeRequest }) {
  const { t } = useTranslation()
  const oldWord = request.state === 'approved' ? t('change.was') : t('change.old')
  return (
    <dl className={styles.table}>
      {request.changes.map((change) => {
        const words = changeWords(t, request.subject_type, change.field, change)
        return (
          <div key={change.field} className={styles.row}>
            <dt className={styles.label}>{words.label}</dt>
            <dd className={styles.values}>
              <span className={words.isFirst ? styles.none : styles.old}>
                <span className="visually-hidden">{oldWord}: </span>
                {words.old}
              </span>
              <ArrowRightOutlined aria-hidden className={styles.arrow} />
              <span className={styles.new}>
                <span className="visually-hidden">{t('change.new')}: </span>
                {words.new}
              </span>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
