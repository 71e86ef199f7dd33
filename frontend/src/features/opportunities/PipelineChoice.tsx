import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Pipeline } from '@/api/types'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import styles from './BoardTools.module.css'

interface Props {
  pipelines: Pipeline[]
  value: string | undefined
  onChange: (id: string) => void
}

/** Whose columns the board shows; those out of use come last, since deals in them go on. */
export function PipelineChoice({ pipelines, value, onChange }: Props) {
  const { t, i18n } = useTranslation()
  if (pipelines.length < 2) return null
  const nameOf = (pipeline: Pipeline): string => {
    const name = stageName(pipeline, asLanguage(i18n.language))
    return pipeline.is_active ? name : `${name} · ${t('pipeline.outOfUse')}`
  }
  return (
    <Select
      aria-label={t('opportunity.fields.pipeline_id')}
      className={styles.pipeline ?? ''}
      popupMatchSelectWidth={false}
      value={value ?? pipelines[0]?.id}
      options={pipelines.map((pipeline) => ({ value: pipeline.id, label: nameOf(pipeline) }))}
      onChange={onChange}
    />
  )
}
