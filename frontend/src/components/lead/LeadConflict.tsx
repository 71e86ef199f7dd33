import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Lead } from '@/api/types'
import styles from './LeadConflict.module.css'

interface Props {
  newer: Lead
  anyway: string
  isSaving: boolean
  onAnyway: () => void
  onLeave: () => void
}

/** Somebody else was first: says who has the lead now and lets the person decide. */
export function LeadConflict({ newer, anyway, isSaving, onAnyway, onLeave }: Props) {
  const { t } = useTranslation()
  return (
    <Alert
      className={styles.conflict ?? ''}
      type="warning"
      showIcon
      title={t('lead.conflictTitle')}
      description={
        <>
          <p>{newer.owner ? t('lead.conflictOwner', { owner: newer.owner.name }) : t('lead.conflictNoOwner')}</p>
          <div className={styles.actions}>
            <Button onClick={onLeave}>{t('lead.conflictLeave')}</Button>
            <Button danger loading={isSaving} onClick={onAnyway}>
              {anyway}
            </Button>
          </div>
        </>
      }
    />
  )
}
