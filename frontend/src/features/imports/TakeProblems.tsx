import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { sayProblem } from '@/lib/formProblem'
import { takeProblems } from './api'

export function TakeProblems({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const take = useMutation({
    mutationFn: () => takeProblems(run.id),
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <Button icon={<DownloadOutlined aria-hidden />} loading={take.isPending} onClick={() => take.mutate()}>
      {t('imports.takeProblems')}
    </Button>
  )
}
