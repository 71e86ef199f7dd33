import { DownloadOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { claim, leadChanged } from '@/api/leads'
import { sayProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'

/** One tap takes the lead out of the pool; whoever comes second is told. */
export function ClaimButton({ leadId, ...look }: { leadId: string } & Pick<ButtonProps, 'size' | 'type'>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const taken = useMutation({
    mutationFn: () => claim(leadId),
    onSuccess: () => {
      noteUse('lead.claim')
      void message.success(t('claim.done'))
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
