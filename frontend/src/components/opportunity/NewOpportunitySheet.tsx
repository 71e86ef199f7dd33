import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createOpportunity, opportunityChanged } from '@/api/opportunities'
import type { OpportunityCreate } from '@/api/types'
import { filled } from '@/components/customer/customerForm'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'
import { OpportunityFields, type OpportunityFormValues } from './OpportunityFields'
import { PipelineField } from './PipelineField'

export function NewOpportunitySheet({ customer, open, onClose }: { customer: { id: string; name: string } } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<OpportunityFormValues>()
  const [key] = useState(newKey)
  const save = useMutation({
    mutationFn: (fields: OpportunityFormValues) =>
      createOpportunity({ ...filled(fields), customer_id: customer.id } as OpportunityCreate, key),
    onSuccess: async (deal) => {
      noteUse('opportunity.create')
      void message.success(t('opportunity.created'))
      onClose()
      void navigate({ to: '/opportunities/$opportunityId', params: { opportunityId: deal.id } })
      await opportunityChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('opportunity.new')} · ${customer.name}`}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('opportunity.new')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <PipelineField />
        <OpportunityFields />
      </Form>
    </Sheet>
  )
}
