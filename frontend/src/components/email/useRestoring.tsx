import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { emailsChanged, restoreEmail } from '@/api/emails'
import { sayProblem } from '@/lib/formProblem'

const SHOWN_S = 8

/** Back into the sorting tray. */
export function useRestoring() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  return useMutation({
    mutationFn: restoreEmail,
    onSuccess: () => void message.success(t('mail.restored')),
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => emailsChanged(client),
  })
}

/** Says what was done with a letter, and offers to take it back. */
export function useSaidWithUndo(): (title: string, emailId: string) => void {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const { mutate } = useRestoring()
  return (title, emailId) => {
    const undo = (): void => {
      notification.destroy(emailId)
      mutate(emailId)
    }
    notification.success({
      key: emailId,
      title,
      actions: <Button onClick={undo}>{t('mail.undo')}</Button>,
      duration: SHOWN_S,
    })
  }
}
