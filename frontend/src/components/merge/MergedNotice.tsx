import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Subject } from '@/api/duplicates'
import { RecordLink } from '@/components/RecordLink'

/** This record is part of another one. */
export function MergedNotice({ subject, into }: { subject: Subject; into: string }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="info"
      showIcon
      title={t(`merge.${subject}.isPart`)}
      description={
        <RecordLink subject={subject} id={into}>
          {t(`merge.${subject}.toSurvivor`)}
        </RecordLink>
      }
    />
  )
}
