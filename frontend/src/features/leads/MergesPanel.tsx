import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { leadMergesQuery, undoMerge } from '@/api/duplicates'
import { leadChanged } from '@/api/leads'
import { ApiProblem } from '@/api/problem'
import type { Lead, Merge } from '@/api/types'
import { Card } from '@/components/Card'
import styles from '@/components/Facts.module.css'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { word } from '@/lib/words'

const changesOf = (error: unknown): { field: string }[] =>
  error instanceof ApiProblem && error.code === 'changed_since' && Array.isArray(error.params.changes)
    ? error.params.changes
    : []

/** What was merged with this lead, and the way back within 30 days. */
export function MergesPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const { data } = useQuery(leadMergesQuery(lead.id))
  if (!data?.items.length) return null
  return (
    <Card title={t('merge.history')}>
      <div className={styles.facts}>
        {data.items.map((merge) => (
          <MergeItem key={merge.id} lead={lead} merge={merge} />
        ))}
      </div>
    </Card>
  )
}

function MergeItem({ lead, merge }: { lead: Lead; merge: Merge }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const other = merge.survivor.id === lead.id ? merge.loser : merge.survivor
  const undo = useMutation({
    mutationFn: () => undoMerge(lead.id, merge.id),
    onSuccess: async () => {
      void message.success(t('merge.undone'))
      await leadChanged(client)
    },
    onError: (error) => {
      const fields = changesOf(error).map(({ field }) => word(t, `merge.fields.${field}`, field))
      if (!fields.length) return sayProblem(message, t, error)
      const content = t('merge.changedSince', { fields: fields.join(t('common.listSeparator')) })
      modal.warning({ title: t('problem.changed_since.title'), content })
    },
  })
  return (
    <div>
      <Link to="/leads/$leadId" params={{ leadId: other.id }}>
        {t('merge.line', { loser: merge.loser.number, survivor: merge.survivor.number })}
      </Link>
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
