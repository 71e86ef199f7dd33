import { FolderOutlined, StopOutlined, UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Email } from '@/api/types'
import { useRestoring } from './useRestoring'
import { useSorting } from './useSorting'

/** Where a letter that came in belongs: with a record, put aside, or back in the tray. */
export function SortingButtons({ email }: { email: Email }) {
  const { t } = useTranslation()
  const { start, sheets } = useSorting(email)
  const restore = useRestoring()
  const { actions, state } = email
  const has = (action: (typeof actions)[number]): boolean => actions.includes(action)
  if (!has('file') && !has('discard') && !has('restore')) return null
  return (
    <>
      {has('file') && (
        <Button
          type={state === 'sorting' ? 'primary' : 'default'}
          size="small"
          icon={<FolderOutlined aria-hidden />}
          onClick={() => start('file')}
        >
          {t(state === 'filed' ? 'mail.refile' : 'mail.file')}
        </Button>
      )}
      {has('discard') && (
        <Button size="small" icon={<StopOutlined aria-hidden />} onClick={() => start('discard')}>
          {t('mail.discard')}
        </Button>
      )}
      {has('restore') && (
        <Button
          size="small"
          icon={<UndoOutlined aria-hidden />}
          loading={restore.isPending}
          onClick={() => restore.mutate(email.id)}
        >
          {t('mail.restore')}
        </Button>
      )}
      {sheets}
    </>
  )
}
