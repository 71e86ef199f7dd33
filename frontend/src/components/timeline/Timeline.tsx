import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { customerTimelineQuery } from '@/api/customers'
import type { leadTimelineQuery } from '@/api/leads'
import { Card } from '@/components/Card'
import { LoadMore } from '@/components/LoadMore'
import { CardSkeletons, ErrorState } from '@/components/states'
import styles from './Timeline.module.css'
import { TimelineItem } from './TimelineItem'

/** Everything that happened, newest first; nothing in it can be changed. */
export function Timeline({ query }: { query: ReturnType<typeof leadTimelineQuery | typeof customerTimelineQuery> }) {
  const { t } = useTranslation()
  const timeline = useInfiniteQuery(query)
  const entries = timeline.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card title={t('timeline.title')}>
      {timeline.isPending && <CardSkeletons count={2} />}
      {timeline.isError && entries.length === 0 && (
        <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />
      )}
      {timeline.data && entries.length === 0 && <p className={styles.soft}>{t('timeline.empty')}</p>}
      <ol className={styles.list}>
        {entries.map((entry) => (
          <TimelineItem key={entry.id} entry={entry} />
        ))}
      </ol>
      {timeline.hasNextPage && <LoadMore {...timeline} />}
    </Card>
  )
}
