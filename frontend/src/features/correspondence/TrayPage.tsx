import { InboxOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mailingQuery, trayQuery } from '@/api/emails'
import type { TrayView } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { useEmailSheets } from '@/components/email/EmailSheets'
import { LoadMore } from '@/components/LoadMore'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { TrayItem } from './TrayItem'
import styles from './TrayPage.module.css'

const VIEWS = ['sorting', 'automatic', 'discarded'] as const satisfies readonly TrayView[]

/** 收件分拣: letters that no record is known for, each filed or put aside by a person. */
export function TrayPage() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const sheets = useEmailSheets()
  const [view, setView] = useState<TrayView>('sorting')
  const mailing = useQuery(mailingQuery).data
  const tray = useInfiniteQuery(trayQuery(view))
  const items = tray.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('mail.tray.title')}
      subtitle={t(mailing?.may_sort === false ? 'mail.tray.ownSubtitle' : 'mail.tray.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
    >
      <div className={styles.filter}>
        <ChoiceGrid
          size="chip"
          name="tray-view"
          label={t('mail.tray.filter')}
          value={view}
          onChange={(next) => setView(VIEWS.find((known) => known === next) ?? 'sorting')}
          choices={VIEWS.map((value) => ({ value, label: t(`mail.tray.views.${value}`) }))}
        />
      </div>
      {tray.isPending && <CardSkeletons count={3} />}
      {tray.isError && items.length === 0 && <ErrorState error={tray.error} onRetry={() => void tray.refetch()} />}
      {tray.data && items.length === 0 && (
        <EmptyState
          icon={<InboxOutlined aria-hidden />}
          title={t(view === 'sorting' ? 'mail.tray.empty' : 'mail.tray.emptyOther')}
          text={
            view !== 'sorting'
              ? undefined
              : t(mailing?.can_receive === false ? 'mail.tray.noDropbox' : 'mail.tray.emptyText')
          }
        />
      )}
      {items.length > 0 && (
        <>
          <ul className={styles.list} aria-label={t(`mail.tray.views.${view}`)}>
            {items.map((email) => (
              <TrayItem
                key={email.id}
                email={email}
                onOpen={() => sheets.open({ kind: 'read', threadId: email.thread_id })}
              />
            ))}
          </ul>
          <LoadMore {...tray} />
        </>
      )}
    </Page>
  )
}
