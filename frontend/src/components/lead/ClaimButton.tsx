import { DownloadOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { claim, leadChanged } from '@/api/leads'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { serverNow } from '@/lib/serverClock'
import { formatMoment } from '@/lib/time'
import { noteUse } from '@/lib/usage'

/** One tap takes the lead out of the pool; whoever comes second is told. */
export function ClaimButton({ leadId, ...look }: { leadId: string } & Pick<ButtonProps, 'size' | 'type'>) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const taken = useMutation({
    mutationFn: () => claim(leadId),
    onSuccess: ({ follow_up_due_at: dueAt }) => {
      noteUse('lead.claim')
      const due = dueAt && formatMoment(dueAt, serverNow(), asLanguage(i18n.language))
      void message.success(due ? t('claim.doneDue', { due }) : t('claim.done'))
    },
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => leadChanged(client),
  })
  return (
    <Button {...look} icon={<DownloadOutlined aria-hidden />} loading={taken.isPending} onClick={() => taken.mutate()}>
      {t('claim.open')}
    </Button>
  )
}
