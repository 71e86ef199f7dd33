import { CheckOutlined, CloseOutlined, DownloadOutlined, FileDoneOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decideExport, exportKeys, exportsQuery, takeExport } from '@/api/exports'
import type { Export } from '@/api/types'
import { LoadMore } from '@/components/LoadMore'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { may, useMe } from '@/lib/session'
import { word } from '@/lib/words'
import { ApprovalLimit } from './ApprovalLimit'
import styles from './imports.module.css'

const TONES: Record<Export['state'], string | undefined> = {
  waiting: styles.soon,
  making: styles.calm,
  ready: styles.good,
  rejected: styles.late,
  failed: styles.late,
  expired: undefined,
}

export function ExportsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="export.run" title={t('exports.title')}>
      <Exports />
    </RequirePermission>
  )
}

function Exports() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  const exports = useInfiniteQuery(exportsQuery)
  const items = exports.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('exports.title')}
      subtitle={isPhone ? undefined : t('exports.subtitle')}
      width="reading"
      actions={may(me, 'settings.manage') && <ApprovalLimit />}
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      {exports.isPending && <CardSkeletons count={3} />}
      {exports.isError && items.length === 0 && (
        <ErrorState error={exports.error} onRetry={() => void exports.refetch()} />
      )}
      {exports.data && items.length === 0 && (
        <EmptyState
          icon={<FileDoneOutlined aria-hidden />}
          title={t('exports.emptyTitle')}
          text={t('exports.emptyText')}
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list}>
            {items.map((item) => (
              <ExportItem key={item.id} item={item} />
            ))}
          </ul>
          <LoadMore {...exports} />
        </>
      )}
    </Page>
  )
}

function ExportItem({ item }: { item: Export }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const take = useMutation({ mutationFn: () => takeExport(item.id), onError: (error) => sayProblem(message, t, error) })
  const target = word(t, `exports.targets.${item.target}`, item.target)
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        <h2 className={styles.name}>{t('exports.what', { target, count: item.rows })}</h2>
        <p className={styles.soft}>
          {item.person.name} · <Moment at={item.created_at} />
          {item.reason && ` · ${item.reason}`}
        </p>
        {item.decided_by && (
          <p className={styles.soft}>
            {t('exports.decidedBy', { name: item.decided_by.name })}
            {item.comment && `${t('common.colon')}${item.comment}`}
          </p>
        )}
        {item.state === 'ready' && item.expires_at && (
          <p className={styles.soft}>
            {t('exports.until')} <Moment at={item.expires_at} />
          </p>
        )}
      </div>
      <span className={`${styles.state} ${TONES[item.state] ?? ''}`}>{t(`exports.states.${item.state}`)}</span>
      {item.state === 'ready' && item.is_own && (
        <Button icon={<DownloadOutlined aria-hidden />} loading={take.isPending} onClick={() => take.mutate()}>
          {t('exports.take')}
        </Button>
      )}
      {item.may_decide && <Decide item={item} />}
    </li>
  )
}

function Decide({ item }: { item: Export }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const [comment, setComment] = useState('')
  const decide = useMutation({
    mutationFn: (decision: 'approval' | 'rejection') => decideExport(item.id, decision, comment),
    onSuccess: () => {
      setIsOpen(false)
      void message.success(t('exports.decided'))
      return client.invalidateQueries({ queryKey: exportKeys.all })
    },
    onError: (error) => {
      sayProblem(message, t, error)
      return client.invalidateQueries({ queryKey: exportKeys.all })
    },
  })
  return (
    <>
      <Button type="primary" onClick={() => setIsOpen(true)}>
        {t('exports.decide')}
      </Button>
      <Sheet open={isOpen} onClose={() => setIsOpen(false)} title={t('exports.decide')}>
        <p>{t('exports.asks', { name: item.person.name, count: item.rows })}</p>
        {item.reason && <p className={styles.soft}>{t('timeline.reason', { reason: item.reason })}</p>}
        <Input
          aria-label={t('exports.comment')}
          placeholder={t('exports.comment')}
          maxLength={200}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          style={{ marginTop: 12 }}
        />
        <div className={styles.actions}>
          <Button
            type="primary"
            icon={<CheckOutlined aria-hidden />}
            loading={decide.isPending}
            onClick={() => decide.mutate('approval')}
          >
            {t('exports.approve')}
          </Button>
          <Button
            danger
            icon={<CloseOutlined aria-hidden />}
            loading={decide.isPending}
            onClick={() => decide.mutate('rejection')}
          >
            {t('exports.reject')}
          </Button>
        </div>
      </Sheet>
    </>
  )
}
