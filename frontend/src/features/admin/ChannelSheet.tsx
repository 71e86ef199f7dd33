import { Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { ChannelForm } from './ChannelForm'
import { ChannelTest, CredentialsForm } from './CredentialsForm'

interface Props {
  /** Null: a new channel. */
  channel: Channel | null
  open: boolean
  onClose: () => void
}

const TABLES = ['channel', 'channel_secret'] as const

/** A new channel stays open once it is made: it needs credentials next. */
export function ChannelSheet({ channel, open, onClose }: Props) {
  const { t } = useTranslation()
  const [made, setMade] = useState<Channel | null>(null)
  const shown = channel ?? made
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={shown ? t('channels.edit') : t('channels.add')}
      phoneHeight="full"
      width={560}
      keepsOnOutsideTap
    >
      {shown ? (
        <Tabs
          defaultActiveKey={made ? 'credentials' : 'form'}
          items={[
            {
              key: 'form',
              label: t('channels.tabSettings'),
              children: <ChannelForm channel={shown} onSaved={setMade} />,
            },
            shown.kind === 'email'
              ? { key: 'credentials', label: t('channels.tabTest'), children: <ChannelTest channel={shown} /> }
              : {
                  key: 'credentials',
                  label: t('channels.tabCredentials'),
                  children: <CredentialsForm channel={shown} onSaved={setMade} />,
                },
            { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={shown.id} /> },
          ]}
        />
      ) : (
        <ChannelForm channel={null} onSaved={setMade} />
      )}
    </Sheet>
  )
}
