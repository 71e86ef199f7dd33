import { MergeCellsOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { duplicatesQuery, type Subject } from '@/api/duplicates'
import type { DuplicateHit } from '@/api/types'
import { Card } from '@/components/Card'
import { DuplicateHits } from './DuplicateHits'
import { MergeSheet } from './MergeSheet'

interface Props {
  subject: Subject
  id: string
  canMerge: boolean
}

/** 候选重复: what is probably the same firm, and for superiors the way to make one of two. */
export function DuplicatesPanel({ subject, id, canMerge }: Props) {
  const { t } = useTranslation()
  const [other, setOther] = useState<string | null>(null)
  const { data } = useQuery(duplicatesQuery(subject, id))
  if (!data?.items.length) return null
  const merge = (hit: DuplicateHit) =>
    hit.subject_type === subject &&
    hit.record && (
      <Button icon={<MergeCellsOutlined aria-hidden />} onClick={() => setOther(hit.record?.id ?? null)}>
        {t('merge.open')}
      </Button>
    )
  return (
    <Card title={t('duplicates.title')}>
      <DuplicateHits hits={data.items} action={canMerge ? merge : undefined} />
      {other && <MergeSheet key={other} subject={subject} id={id} otherId={other} onClose={() => setOther(null)} />}
    </Card>
  )
}
