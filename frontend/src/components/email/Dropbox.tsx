import { ReloadOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Subject } from '@/api/documents'
import { dropboxQuery, renewDropbox } from '@/api/emails'
import { CopyButton } from '@/components/CopyButton'
import { sayProblem } from '@/lib/formProblem'
import styles from './Email.module.css'

interface Props {
  /** A record, or nothing for the person's own address. */
  subject: Subject | null
  mayRenew: boolean
}

/** The address whose letters are kept with a record, or filed by whom they are for. */
export function Dropbox({ subject, mayRenew }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const query = dropboxQuery(subject)
  const found = useQuery(query).data
  const renew = useMutation({
    mutationFn: () => renewDropbox(subject),
    onSuccess: (made) => client.setQueryData(query.queryKey, made),
    onError: (error) => sayProblem(message, t, error),
  })
  if (!found?.is_configured || (found.address === null && !mayRenew)) return null
  const ask = (): void =>
    void modal.confirm({
      title: t('mail.dropbox.renewAsk'),
      content: t('mail.dropbox.renewHelp'),
      okText: t('mail.dropbox.renew'),
      onOk: () => renew.mutateAsync().catch(() => undefined),
    })
  return (
    <div className={styles.dropbox}>
      <p className={styles.soft}>{t(subject ? 'mail.dropbox.ofRecord' : 'mail.dropbox.mine')}</p>
      {found.address === null ? (
        <Button size="small" loading={renew.isPending} onClick={() => renew.mutate()}>
          {t('mail.dropbox.make')}
        </Button>
      ) : (
        <div className={styles.address}>
          <code className={styles.code}>{found.address}</code>
          <CopyButton text={found.address} size="small" aria-label={t('mail.dropbox.copy')} />
          {mayRenew && (
            <Button
              type="text"
              size="small"
              icon={<ReloadOutlined aria-hidden />}
              aria-label={t('mail.dropbox.renew')}
              loading={renew.isPending}
              onClick={ask}
            />
          )}
        </div>
      )}
    </div>
  )
}
