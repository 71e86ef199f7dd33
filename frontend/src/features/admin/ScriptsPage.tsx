import { ArrowDownOutlined, ArrowUpOutlined, EditOutlined, MessageOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScriptTemplate } from '@/api/types'
import { sourceWords } from '@/components/lead/leadWords'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { ScriptSheet } from './ScriptSheet'
import styles from './settings.module.css'
import { orderScripts, scriptKeys, scriptsQuery } from './settingsApi'

export function ScriptsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="scripts.manage" title={t('scripts.title')}>
      <Scripts />
    </RequirePermission>
  )
}

/** The list with two neighbours in each other's place. */
export function swapped<T>(items: readonly T[], place: number, by: 1 | -1): T[] {
  const next = [...items]
  const [one, two] = [next[place], next[place + by]]
  if (one === undefined || two === undefined) return next
  next[place] = two
  next[place + by] = one
  return next
}

function Scripts() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const client = useQueryClient()
  const scripts = useQuery(scriptsQuery)
  const items = scripts.data?.items ?? []
  const [opened, setOpened] = useState<{ script: ScriptTemplate | null; serial: number }>({ script: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (script: ScriptTemplate | null): void => {
    setOpened(({ serial }) => ({ script, serial: serial + 1 }))
    setIsOpen(true)
  }
  const order = useMutation({
    mutationFn: orderScripts,
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => client.invalidateQueries({ queryKey: scriptKeys.all }),
  })
  const move = (place: number, by: 1 | -1): void => order.mutate(swapped(items, place, by).map(({ id }) => id))
  return (
    <Page
      title={t('scripts.title')}
      subtitle={isPhone ? undefined : t('scripts.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('scripts.add')}
          onClick={() => open(null)}
        >
          {isPhone ? null : t('scripts.add')}
        </Button>
      }
    >
      {scripts.isPending && <CardSkeletons count={4} />}
      {scripts.isError && <ErrorState error={scripts.error} onRetry={() => void scripts.refetch()} />}
      {scripts.data && items.length === 0 && (
        <EmptyState
          icon={<MessageOutlined aria-hidden />}
          title={t('scripts.emptyTitle')}
          text={t('scripts.emptyText')}
        />
      )}
      <ul className={styles.list}>
        {items.map((script, place) => (
          <li key={script.id} className={styles.card}>
            <div className={styles.grow}>
              <h2 className={styles.head}>
                <span className={styles.name}>{script.title}</span>
                {!script.is_active && <span className={styles.status}>{t('scripts.off')}</span>}
              </h2>
              <p className={styles.soft}>
                {script.source ? sourceWords(t, script.source) : t('scripts.allSources')} ·{' '}
                {script.product_line ?? t('scripts.allLines')}
              </p>
            </div>
            <div className={styles.buttons}>
              <Button
                type="text"
                icon={<ArrowUpOutlined aria-hidden />}
                aria-label={t('scripts.up', { title: script.title })}
                disabled={place === 0 || order.isPending}
                onClick={() => move(place, -1)}
              />
              <Button
                type="text"
                icon={<ArrowDownOutlined aria-hidden />}
                aria-label={t('scripts.down', { title: script.title })}
                disabled={place === items.length - 1 || order.isPending}
                onClick={() => move(place, 1)}
              />
              <Button
                icon={<EditOutlined aria-hidden />}
                aria-label={`${t('common.edit')} ${script.title}`}
                disabled={order.isPending}
                onClick={() => open(script)}
              />
            </div>
          </li>
        ))}
      </ul>
      {opened.serial > 0 && (
        <ScriptSheet
          key={opened.serial}
          script={opened.script}
          variables={scripts.data?.variables ?? []}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Page>
  )
}
