import { ArrowDownOutlined, ArrowUpOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentKindKeys, documentKindsQuery, orderDocumentKinds } from '@/api/documents'
import type { DocumentKind } from '@/api/types'
import { kindName } from '@/components/document/documentWords'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { DocumentKindSheet } from './DocumentKindSheet'
import { swapped } from './ScriptsPage'
import styles from './settings.module.css'

/** 文件类型: what sorts of documents there are, in which order, and how large their files may be. */
export function DocumentKindsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="settings.manage" title={t('documentKinds.title')}>
      <Kinds />
    </RequirePermission>
  )
}

function Kinds() {
  const { t, i18n } = useTranslation()
  const isPhone = useIsPhone()
  const { message } = App.useApp()
  const client = useQueryClient()
  const kinds = useQuery(documentKindsQuery)
  const items = kinds.data?.items ?? []
  const [opened, setOpened] = useState<{ kind: DocumentKind | null; serial: number }>({ kind: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (kind: DocumentKind | null): void => {
    setOpened(({ serial }) => ({ kind, serial: serial + 1 }))
    setIsOpen(true)
  }
  const order = useMutation({
    mutationFn: orderDocumentKinds,
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => client.invalidateQueries({ queryKey: documentKindKeys.all }),
  })
  const move = (place: number, by: 1 | -1): void => order.mutate(swapped(items, place, by).map(({ key }) => key))
  return (
    <Page
      title={t('documentKinds.title')}
      subtitle={isPhone ? undefined : t('documentKinds.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open(null)}>
          {t('documentKinds.add')}
        </Button>
      }
    >
      {kinds.isPending && <CardSkeletons count={4} />}
      {kinds.isError && <ErrorState error={kinds.error} onRetry={() => void kinds.refetch()} />}
      <ul className={styles.list}>
        {items.map((kind, place) => {
          const name = kindName(kind, asLanguage(i18n.language))
          return (
            <li key={kind.key} className={styles.card}>
              <div className={styles.grow}>
                <h2 className={styles.head}>
                  <span className={styles.name}>{name}</span>
                  {!kind.is_active && <span className={styles.status}>{t('documentKinds.off')}</span>}
                </h2>
                <p className={styles.soft}>{t('documentKinds.limit', { megabytes: kind.max_megabytes })}</p>
              </div>
              <div className={styles.buttons}>
                <Button
                  type="text"
                  icon={<ArrowUpOutlined aria-hidden />}
                  aria-label={t('scripts.up', { title: name })}
                  disabled={place === 0 || order.isPending}
                  onClick={() => move(place, -1)}
                />
                <Button
                  type="text"
                  icon={<ArrowDownOutlined aria-hidden />}
                  aria-label={t('scripts.down', { title: name })}
                  disabled={place === items.length - 1 || order.isPending}
                  onClick={() => move(place, 1)}
                />
                <Button
                  icon={<EditOutlined aria-hidden />}
                  aria-label={`${t('common.edit')} ${name}`}
                  onClick={() => open(kind)}
                />
              </div>
            </li>
          )
        })}
      </ul>
      {opened.serial > 0 && (
        <DocumentKindSheet key={opened.serial} kind={opened.kind} open={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Page>
  )
}
