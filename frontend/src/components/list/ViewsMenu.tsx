import { CheckOutlined, PushpinOutlined, StarOutlined, TeamOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedView, ViewSubject } from '@/api/types'
import { changeView, removeView, viewKeys, viewsQuery } from '@/api/views'
import { sayProblem } from '@/lib/formProblem'
import { SaveViewSheet } from './SaveViewSheet'

interface Props {
  subject: ViewSubject
  /** The view that is shown. */
  view: string | undefined
  /** What the list now shows, as a view keeps it. */
  settings: object
  onShow: (view: SavedView) => void
  /** The list stays as it is, under another view or under none. */
  onName: (view: string | undefined) => void
}

/** The views of this list: one's own and those that others share. */
export function ViewsMenu({ subject, view: shown, settings, onShow, onName }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const views = useQuery(viewsQuery(subject))
  const [saving, setSaving] = useState(false)
  const refresh = () => client.invalidateQueries({ queryKey: viewKeys.all })
  const said = { onSuccess: refresh, onError: (error: unknown) => sayProblem(message, t, error) }
  const makeDefault = useMutation({
    mutationFn: (view: { id: string; version: number; is_default: boolean }) =>
      changeView(view.id, view.version, { is_default: !view.is_default }),
    ...said,
  })
  const remove = useMutation({ mutationFn: removeView, ...said })
  const items = views.data?.items ?? []
  const current = items.find((view) => view.id === shown)
  const menu: NonNullable<MenuProps['items']> = items.map((view) => ({
    key: view.id,
    icon: view.id === shown ? <CheckOutlined /> : view.is_mine ? <StarOutlined /> : <TeamOutlined />,
    label: view.is_mine ? view.name : t('list.viewBy', { name: view.name, owner: view.owner.name }),
    ...(view.is_default ? { extra: t('list.viewDefault') } : {}),
    onClick: () => onShow(view),
  }))
  if (items.length > 0) menu.push({ type: 'divider' })
  menu.push({ key: 'save', label: t('list.saveView'), onClick: () => setSaving(true) })
  if (current?.is_mine) {
    menu.push(
      {
        key: 'default',
        icon: <PushpinOutlined />,
        label: current.is_default ? t('list.viewNoDefault') : t('list.viewMakeDefault'),
        onClick: () => makeDefault.mutate(current),
      },
      {
        key: 'remove',
        danger: true,
        label: t('list.removeView', { name: current.name }),
        onClick: () => remove.mutate(current.id, { onSuccess: () => onName(undefined) }),
      },
    )
  }
  return (
    <>
      <Dropdown menu={{ items: menu }} trigger={['click']}>
        <Button icon={<StarOutlined aria-hidden />}>{current?.name ?? t('list.views')}</Button>
      </Dropdown>
      <SaveViewSheet
        open={saving}
        subject={subject}
        settings={settings}
        onClose={() => setSaving(false)}
        onSaved={(view) => {
          setSaving(false)
          onName(view)
        }}
      />
    </>
  )
}
