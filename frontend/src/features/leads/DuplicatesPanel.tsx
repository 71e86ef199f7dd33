import { MergeCellsOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadDuplicatesQuery } from '@/api/duplicates'
import type { DuplicateHit, Lead } from '@/api/types'
import { Card } from '@/components/Card'
import { DuplicateHits } from '@/components/lead/DuplicateHits'
import { MergeSheet } from './MergeSheet'

/** 候选重复: what is probably the same firm, and for superiors the way to make one of two leads. */
export function DuplicatesPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const [other, setOther] = useState<string | null>(null)
  const { data } = useQuery({ ...leadDuplicatesQuery(lead.id), enabled: lead.merged_into_id === null })
  if (!data?.items.length) return null
  const merge = (hit: DuplicateHit) =>
    hit.subject_type === 'lead' &&
    hit.record && (
      <Button icon={<MergeCellsOutlined aria-hidden />} onClick={() => setOther(hit.record?.id ?? null)}>
        {t('merge.open')}
      </Button>
    )
  return (
    <Card title={t('duplicates.title')}>
      <DuplicateHits hits={data.items} action={lead.actions.includes('merge') ? merge : undefined} />
      {other && <MergeSheet key={other} lead={lead} otherId={other} onClose={() => setOther(null)} />}
    </Card>
  )
}
