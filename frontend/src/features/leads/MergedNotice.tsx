import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'

/** This lead is part of another one. */
export function MergedNotice({ into }: { into: string }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="info"
      showIcon
      title={t('merge.isPart')}
      description={
        <Link to="/leads/$leadId" params={{ leadId: into }}>
          {t('merge.toSurvivor')}
        </Link>
      }
    />
  )
}
