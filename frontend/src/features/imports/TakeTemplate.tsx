import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { sayProblem } from '@/lib/formProblem'
import { type Register, takeTemplate } from './api'
import styles from './imports.module.css'

/** For who has no table of their own: an empty one whose columns are all known. */
export function TakeTemplate({ target }: { target: Register }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const take = useMutation({
    mutationFn: () => takeTemplate(target),
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <p className={styles.template}>
      <span className={styles.soft}>{t('imports.noTable')}</span>
      <Button
        type="link"
        icon={<DownloadOutlined aria-hidden />}
        loading={take.isPending}
        onClick={() => take.mutate()}
      >
        {t('imports.takeTemplate')}
      </Button>
    </p>
  )
}
