import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { changesQuery } from '@/api/changes'
import type { Change } from '@/api/types'
import { word } from '@/lib/words'
import styles from './ChangeLog.module.css'
import { changedFields } from './changeLines'
import { LoadMore } from './LoadMore'
import { Moment } from './Moment'
import { CardSkeletons, ErrorState } from './states'

/** 变更记录: who changed what of one record (without `id` of all in these tables), when; secrets stay hidden. */
export function ChangeLog({ tables, id }: { tables: readonly string[]; id?: string }) {
  const { t } = useTranslation()
  const changes = useInfiniteQuery(changesQuery(tables, id))
  const items = changes.data?.pages.flatMap((page) => page.items) ?? []
  if (changes.isPending) return <CardSkeletons count={2} />
  if (changes.isError) return <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />
  if (items.length === 0) return <p className={styles.soft}>{t('changes.empty')}</p>
  return (
    <>
      <ul className={styles.list}>
        {items.map((change) => (
          <ChangeItem key={change.id} change={change} of={id} />
        ))}
      </ul>
      <LoadMore {...changes} />
    </>
  )
}

function ChangeItem({ change, of }: { change: Change; of: string | undefined }) {
  const { t } = useTranslation()
  const none = t('common.none')
  return (
    <li className={styles.item}>
      <p>
        <span className={styles.who}>{change.by?.name ?? t('timeline.system')}</span>{' '}
        {word(t, `changes.actions.${change.action}`, change.action)}
        <span className={styles.when}>
          <Moment at={change.at} />
        </span>
      </p>
      <div className={styles.fields}>
        {changedFields(t, change, of).map(({ name, was, becomes }) => (
          <p key={name} className={styles.field}>
            <span className={styles.name}>
              {word(t, `changes.fields.${name}`, name)}
              {t('common.colon')}
            </span>
            {change.action === 'update' && was !== becomes && (
              <>
                <del className={styles.was}>{was ?? none}</del>
                {' → '}
              </>
            )}
            {becomes ?? none}
          </p>
        ))}
      </div>
    </li>
  )
}
