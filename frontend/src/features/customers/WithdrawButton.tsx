import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { customerChanged, withdrawRequest } from '@/api/customers'
import type { ChangeRequest } from '@/api/types'
import { sayProblem } from '@/lib/formProblem'

export function WithdrawButton({ request }: { request: ChangeRequest }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const withdraw = useMutation({
    mutationFn: () => withdrawRequest(request.id),
    onSuccess: () => void message.success(t('change.withdrawn')),
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => customerChanged(client),
  })
  return (
    <Button size="large" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
      {t('change.withdraw')}
    </Button>
  )
}
