import { ApartmentOutlined, EditOutlined, EnvironmentOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { Region } from '@/api/types'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { areasToRows } from '@/lib/places'
import { inTreeOrder, type RegionNode } from '@/lib/regionTree'
import { RegionSheet } from './RegionSheet'
import styles from './RegionsPage.module.css'

export function RegionsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="regions.manage" title={t('regions.title')}>
      <Regions />
    </RequirePermission>
  )
}

function Regions() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const regions = useQuery(regionsQuery)
  const [opened, setOpened] = useState<{ region: Region | null; serial: number }>({ region: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (region: Region | null): void => {
    setOpened(({ serial }) => ({ region, serial: serial + 1 }))
    setIsOpen(true)
  }
  const items = regions.data?.items ?? []
  return (
    <Page
      title={t('regions.title')}
      subtitle={isPhone ? undefined : t('regions.areasHelp')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('regions.add')}
          onClick={() => open(null)}
        >
          {isPhone ? null : t('regions.add')}
        </Button>
      }
    >
      {regions.isPending && <CardSkeletons count={4} />}
      {regions.isError && <ErrorState error={regions.error} onRetry={() => void regions.refetch()} />}
      {regions.data && items.length === 0 && (
        <EmptyState
          icon={<ApartmentOutlined aria-hidden />}
          title={t('regions.emptyTitle')}
          text={t('regions.emptyText')}
        />
      )}
      <ul className={styles.tree}>
        {inTreeOrder(items).map((node) => (
          <RegionRow key={node.region.id} node={node} onEdit={() => open(node.region)} />
        ))}
      </ul>
      {opened.serial > 0 && (
        <RegionSheet
          key={opened.serial}
          region={opened.region}
          regions={items}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Page>
  )
}

function RegionRow({ node: { region, depth }, onEdit }: { node: RegionNode; onEdit: () => void }) {
  const { t } = useTranslation()
  const rows = areasToRows(region.areas)
  return (
    <li className={styles.region} style={{ '--depth': depth } as React.CSSProperties}>
      <div className={styles.words}>
        <h2 className={styles.name}>
          {region.name} <code className={styles.code}>{region.code}</code>
        </h2>
        <div className={styles.areas}>
          {rows.map(({ province, cities }) => (
            <Tag key={province} icon={<EnvironmentOutlined aria-hidden />} className={styles.area ?? ''}>
              {province}
              {cities.length > 0 && ` · ${cities.join(t('common.listSeparator'))}`}
            </Tag>
          ))}
          {rows.length === 0 && <span className={styles.soft}>{t('regions.noAreas')}</span>}
        </div>
      </div>
      <Button icon={<EditOutlined aria-hidden />} aria-label={`${t('common.edit')} ${region.name}`} onClick={onEdit} />
    </li>
  )
}
