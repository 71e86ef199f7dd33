import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emailFileQuery } from '@/api/emails'
import type { EmailFile } from '@/api/types'
import { FileView } from '@/components/document/Viewer'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'

interface Props extends Opening {
  file: EmailFile
  onSave: () => void
  isSaving: boolean
}

/** A file that came with a letter which lies with no record: to look at, and to take. */
export function EmailFileSheet({ file, open, onClose, onSave, isSaving }: Props) {
  const { t } = useTranslation()
  const found = useQuery({ ...emailFileQuery(file.id), enabled: open })
  const url = useObjectUrl(found.data)
  return (
    <Sheet open={open} onClose={onClose} width={640} title={file.name}>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data && url ? (
        <FileView file={file} url={url} bytes={found.data} />
      ) : (
        <CardSkeletons count={1} />
      )}
      <Button type="primary" icon={<DownloadOutlined aria-hidden />} loading={isSaving} onClick={onSave}>
        {t('document.download')}
      </Button>
    </Sheet>
  )
}

/** An address of bytes that are here, given back with them. */
function useObjectUrl(bytes: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!bytes) return
    const made = URL.createObjectURL(bytes)
    setUrl(made)
    return () => {
      setUrl(null)
      URL.revokeObjectURL(made)
    }
  }, [bytes])
  return url
}
