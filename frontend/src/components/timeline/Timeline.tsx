import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { customerTimelineQuery } from '@/api/customers'
import type { leadTimelineQuery } from '@/api/leads'
import type { opportunityTimelineQuery } from '@/api/opportunities'
import type { TimelineEntry } from '@/api/types'
import { Card } from '@/components/Card'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { LoadMore } from '@/components/LoadMore'
import { CardSkeletons, ErrorState } from '@/components/states'
import { GROUPS, type Group } from './groups'
import styles from './Timeline.module.css'
import { TimelineItem } from './TimelineItem'

type TimelineQuery = ReturnType<
  typeof leadTimelineQuery | typeof customerTimelineQuery | typeof opportunityTimelineQuery
>

interface Props {
  query: (kinds: string[]) => TimelineQuery
  /** Opens the correction of an entry of this record, for whoever may log with it. */
  correct?: ((entry: TimelineEntry) => void) | undefined
}

/** Everything that happened, newest first; nothing in it can be changed. */
export function Timeline({ query, correct }: Props) {
  const { t } = useTranslation()
  const [group, setGroup] = useState<Group | 'all'>('all')
  const timeline = useInfiniteQuery(query(group === 'all' ? [] : [...GROUPS[group]]))
  const entries = timeline.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card title={t('timeline.title')}>
      <div className={styles.groups}>
        <ChoiceGrid
          size="chip"
          name="timeline-group"
          label={t('timeline.filter')}
          value={group}
          onChange={(chosen) => setGroup(chosen as Group | 'all')}
          choices={(['all', ...Object.keys(GROUPS)] as (Group | 'all')[]).map((one) => ({
            value: one,
            label: t(`timeline.groups.${one}`),
          }))}
        />
      </div>
      {timeline.isPending && <CardSkeletons count={2} />}
      {timeline.isError && entries.length === 0 && (
        <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />
      )}
      {timeline.data && entries.length === 0 && (
        <p className={styles.soft}>{group === 'all' ? t('timeline.empty') : t('timeline.emptyGroup')}</p>
      )}
      <ol className={styles.list}>
        {entries.map((entry) => (
          <TimelineItem key={entry.id} entry={entry} correct={correct} />
        ))}
      </ol>
      {timeline.hasNextPage && <LoadMore {...timeline} />}
    </Card>
  )
}
