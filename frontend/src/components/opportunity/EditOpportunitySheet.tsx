import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeOpportunity, opportunityChanged } from '@/api/opportunities'
import type { Opportunity, OpportunityPatch } from '@/api/types'
import { differing } from '@/components/customer/customerForm'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import { OpportunityFields, type OpportunityFormValues } from './OpportunityFields'

const NAMES = ['name', 'expected_amount', 'expected_close_on', 'product_line', 'need'] as const

function fieldsOf(deal: Opportunity): OpportunityFormValues {
  return { name: deal.name, ...Object.fromEntries(NAMES.map((name) => [name, deal[name]])) }
}

export function EditOpportunitySheet({ deal, open, onClose }: { deal: Opportunity } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<OpportunityFormValues>()
  const save = useMutation({
    mutationFn: (patch: OpportunityPatch) => changeOpportunity(deal.id, patch, deal.version),
    onSuccess: async () => {
      noteUse('opportunity.change')
      void message.success(t('opportunity.saved'))
      onClose()
      await opportunityChanged(client)
    },
    onError: (error) => {
      showProblem(form, message, t, error)
      void opportunityChanged(client)
    },
  })
  const submit = (fields: OpportunityFormValues): void => {
    const patch = differing(fieldsOf(deal), fields) as OpportunityPatch
    if (Object.keys(patch).length > 0) save.mutate(patch)
    else onClose()
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('opportunity.edit')} · ${deal.name}`}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={fieldsOf(deal)} onFinish={submit}>
        <OpportunityFields />
      </Form>
    </Sheet>
  )
}
