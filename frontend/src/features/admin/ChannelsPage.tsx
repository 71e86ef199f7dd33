import { ApiOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { Channel } from '@/api/types'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { channelsQuery } from './api'
import { ChannelSheet } from './ChannelSheet'
import styles from './settings.module.css'

export function ChannelsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="channels.manage" title={t('channels.title')}>
      <Channels />
    </RequirePermission>
  )
}

function Channels() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const channels = useQuery(channelsQuery)
  const items = channels.data?.items ?? []
  const [opened, setOpened] = useState<{ id: string | null; serial: number }>({ id: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (id: string | null): void => {
    setOpened(({ serial }) => ({ id, serial: serial + 1 }))
    setIsOpen(true)
  }
  return (
    <Page
      title={t('channels.title')}
      subtitle={
        <>
          {t('channels.subtitle')}{' '}
          <Link to="/admin/deliveries" className={styles.link}>
            {t('nav.deliveries')}
          </Link>
        </>
      }
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('channels.add')}
          onClick={() => open(null)}
        >
          {isPhone ? null : t('channels.add')}
        </Button>
      }
    >
      {channels.isPending && <CardSkeletons count={3} />}
      {channels.isError && <ErrorState error={channels.error} onRetry={() => void channels.refetch()} />}
      {channels.data && items.length === 0 && (
        <EmptyState
          icon={<ApiOutlined aria-hidden />}
          title={t('channels.emptyTitle')}
          text={t('channels.emptyText')}
        />
      )}
      <ul className={styles.list}>
        {items.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} onEdit={() => open(channel.id)} />
        ))}
      </ul>
      {opened.serial > 0 && (
        <ChannelSheet
          key={opened.serial}
          channel={items.find(({ id }) => id === opened.id) ?? null}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Page>
  )
}

const TONES = { ready: styles.good, waiting: styles.soon, broken: styles.late, off: '' } as const

function ChannelRow({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const { t } = useTranslation()
  const regions = useQuery(regionsQuery)
  const isMail = channel.kind === 'email'
  const region = regions.data?.items.find(({ id }) => id === channel.region_id)
  const serves = channel.person?.name ?? region?.name ?? (channel.region_id ? '' : t('channels.company'))
  return (
    <li className={styles.card}>
      <div className={styles.grow}>
        <h2 className={styles.head}>
          <span className={styles.name}>{channel.name}</span>
          <span className={`${styles.status} ${TONES[channel.state]}`}>{t(`channels.states.${channel.state}`)}</span>
        </h2>
        <p className={styles.soft}>
          {isMail ? t('channels.sendsMail') : t('channels.serves', { name: serves })}
          {!channel.has_credentials && ` · ${t(isMail ? 'channels.noMailServer' : 'channels.noCredentials')}`}
        </p>
        {channel.problem && channel.state !== 'ready' && <p className={styles.soft}>{channel.problem}</p>}
      </div>
      <Button icon={<EditOutlined aria-hidden />} aria-label={`${t('common.edit')} ${channel.name}`} onClick={onEdit} />
    </li>
  )
}
