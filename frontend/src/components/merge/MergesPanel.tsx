import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { mergedRecords, mergesQuery, type Subject, undoMerge } from '@/api/duplicates'
import { ApiProblem } from '@/api/problem'
import type { Merge } from '@/api/types'
import { Card } from '@/components/Card'
import styles from '@/components/Facts.module.css'
import { Moment } from '@/components/Moment'
import { RecordLink } from '@/components/RecordLink'
import { sayProblem } from '@/lib/formProblem'
import { word } from '@/lib/words'

const changesOf = (error: unknown): { field: string }[] =>
  error instanceof ApiProblem && error.code === 'changed_since' && Array.isArray(error.params.changes)
    ? error.params.changes
    : []

interface Props {
  subject: Subject
  id: string
}

/** What was merged with this record, and the way back within 30 days. */
export function MergesPanel({ subject, id }: Props) {
  const { t } = useTranslation()
  const { data } = useQuery(mergesQuery(subject, id))
  if (!data?.items.length) return null
  return (
    <Card title={t('merge.history')}>
      <div className={styles.facts}>
        {data.items.map((merge) => (
          <MergeItem key={merge.id} subject={subject} id={id} merge={merge} />
        ))}
      </div>
    </Card>
  )
}

function MergeItem({ subject, id, merge }: Props & { merge: Merge }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const other = merge.survivor.id === id ? merge.loser : merge.survivor
  const undo = useMutation({
    mutationFn: () => undoMerge(subject, id, merge.id),
    onSuccess: async () => {
      void message.success(t('merge.undone'))
      await mergedRecords(subject, client)
    },
    onError: (error) => {
      const fields = changesOf(error).map(({ field }) =>
        word(t, `merge.fields.${field}`, word(t, `customer.fields.${field}`, field)),
      )
      if (!fields.length) return sayProblem(message, t, error)
      const content = t('merge.changedSince', { fields: fields.join(t('common.listSeparator')) })
      modal.warning({ title: t('problem.changed_since.title'), content })
    },
  })
  return (
    <div>
      <RecordLink subject={subject} id={other.id}>
        {t('merge.line', { loser: merge.loser.number, survivor: merge.survivor.number })}
      </RecordLink>
      <p>
        {merge.merged_by.name} · <Moment at={merge.merged_at} /> · {merge.reason}
      </p>
      {merge.undone_at && (
        <p>
          {t('merge.undoneAt')} <Moment at={merge.undone_at} />
        </p>
      )}
      {merge.can_undo && (
        <Button
          style={{ marginTop: 10 }}
          loading={undo.isPending}
          onClick={() =>
            modal.confirm({ title: t('merge.undoAsk'), content: t('merge.undoHelp'), onOk: () => undo.mutate() })
          }
        >
          {t('merge.undo')}
        </Button>
      )}
    </div>
  )
}
