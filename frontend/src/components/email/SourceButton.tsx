import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { saveEmail } from '@/api/emails'
import { sayProblem } from '@/lib/formProblem'

/** The letter as it travelled, with all that it holds. */
export function SourceButton({ emailId }: { emailId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const save = useMutation({
    mutationFn: () => saveEmail(emailId),
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <Button
      type="text"
      size="small"
      icon={<DownloadOutlined aria-hidden />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      {t('mail.original')}
    </Button>
  )
}
