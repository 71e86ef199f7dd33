import { useQuery } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { pipelinesQuery } from '@/api/opportunities'
import { asLanguage } from '@/i18n/i18n'
import { stageName } from './opportunityWords'

/** Which kind of business a new deal is; nothing to choose where the company has one. */
export function PipelineField({ within }: { within?: string }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(pipelinesQuery)
  const choices = data?.items.filter((pipeline) => pipeline.is_active) ?? []
  const [usual] = choices
  if (!usual || choices.length < 2) return null
  return (
    <Form.Item
      name={within ? [within, 'pipeline_id'] : 'pipeline_id'}
      label={t('opportunity.fields.pipeline_id')}
      initialValue={usual.id}
    >
      <Select options={choices.map((one) => ({ value: one.id, label: stageName(one, asLanguage(i18n.language)) }))} />
    </Form.Item>
  )
}
