import { PaperClipOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '@/api/types'
import { useDocumentSheets } from '@/components/document/DocumentSheets'
import { documentOf } from '@/components/document/documentWords'

/** The document that an entry tells of; opens it. */
export function EntryDocument({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const sheets = useDocumentSheets()
  const document = documentOf(entry)
  if (!document) return null
  const { id, title, number } = document
  return (
    <Button
      size="small"
      icon={<PaperClipOutlined aria-hidden />}
      onClick={() => sheets.open({ kind: 'open', id, mayFile: false })}
    >
      {number && number > 1 ? `${title} · ${t('document.versionNumber', { number })}` : title}
    </Button>
  )
}
