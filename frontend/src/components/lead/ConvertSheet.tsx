import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Checkbox, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { customerChanged } from '@/api/customers'
import { duplicatesQuery } from '@/api/duplicates'
import { convertLead } from '@/api/leads'
import { opportunityChanged } from '@/api/opportunities'
import type { Conversion, DuplicateHit, Lead } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { ROLES } from '@/components/customer/ContactFormFields'
import { DuplicateHits } from '@/components/merge/DuplicateHits'
import { DealFields } from '@/components/opportunity/DealFields'
import { PipelineField } from '@/components/opportunity/PipelineField'
import { Sheet } from '@/components/Sheet'
import { may, useMe } from '@/lib/session'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'
import { useLeadSheet } from './useLeadSheet'

const NEW = 'new'

interface Fields {
  which?: string
  name?: string
  credit_code?: string
  industry?: string
  contact_name?: string
  contact_title?: string
  contact_role: Conversion['contact_role']
  opens?: boolean
  deal?: { pipeline_id?: string; expected_amount?: string; expected_close_on?: string }
}

/** Empty fields stay away from the wire: the lead says them itself. */
function toConversion({ which, opens, deal, ...fields }: Fields): Conversion {
  const { contact_name, contact_title, contact_role } = fields
  const chosen = which && which !== NEW ? { customer_id: which, contact_name, contact_title, contact_role } : fields
  const filled = Object.entries(chosen).map(([name, value]) => [name, value?.trim()])
  const kept = Object.fromEntries(filled.filter(([, value]) => value)) as Conversion
  return opens ? { ...kept, opportunity: given(deal ?? {}) } : kept
}

const given = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])))

const isCustomer = (hit: DuplicateHit): boolean => hit.subject_type === 'customer'

/** 建为客户: a customer with a contact of what the lead says, or the customer that it turns out to be. */
export function ConvertSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const opensDeals = may(useMe(), 'opportunity.create')
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data } = useQuery({ ...duplicatesQuery('lead', lead.id), enabled: open })
  const hits = data?.items.filter(isCustomer) ?? []
  const known = hits.flatMap(({ record }) => (record ? [record] : []))
  const { form, isSaving, save } = useLeadSheet<Fields, Lead>({
    feature: 'lead.convert',
    leadId: lead.id,
    save: (fields) => convertLead(lead.id, toConversion(fields)),
    said: ({ which }) => t(which && which !== NEW ? 'convert.joined' : 'convert.done'),
    onSaved: ({ customer }) => {
      void customerChanged(client)
      void opportunityChanged(client)
      if (customer) void navigate({ to: '/customers/$customerId', params: { customerId: customer.id } })
    },
    onClose,
  })
  const isNew = (Form.useWatch('which', form) ?? NEW) === NEW
  const opens = Form.useWatch('opens', form) ?? opensDeals
  const needed = (message: string) => ({ required: true, whitespace: true, message })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('convert.open')} · ${leadName(t, lead)}`}
      phoneHeight="full"
      width={560}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {t(isNew ? 'convert.submit' : 'convert.join')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        initialValues={{
          which: NEW,
          name: lead.company,
          contact_name: lead.contact_name,
          contact_role: 'purchaser' as const,
          opens: opensDeals,
        }}
        onFinish={save}
      >
        <p style={{ marginBottom: 16 }}>{t('convert.text')}</p>
        {known.length > 0 && (
          <Form.Item name="which" label={t('convert.which')}>
            <ChoiceGrid
              name="which"
              label={t('convert.which')}
              columns={1}
              choices={[
                { value: NEW, label: t('convert.new') },
                ...known.map(({ id, name, number }) => ({ value: id, label: `${name} · ${number}` })),
              ]}
            />
          </Form.Item>
        )}
        {known.length < hits.length && (
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 16 }}
            title={t('convert.masked')}
            description={<DuplicateHits hits={hits.filter(({ record }) => !record)} />}
          />
        )}
        {isNew && (
          <>
            <Form.Item name="name" label={t('convert.name')} rules={[needed(t('convert.nameRequired'))]}>
              <Input maxLength={200} autoComplete="off" />
            </Form.Item>
            <Form.Item name="credit_code" label={t('customer.fields.credit_code')}>
              <Input maxLength={24} autoComplete="off" autoCapitalize="characters" spellCheck={false} />
            </Form.Item>
            <Form.Item name="industry" label={t('customer.fields.industry')}>
              <Input maxLength={100} autoComplete="off" />
            </Form.Item>
          </>
        )}
        <Form.Item name="contact_name" label={t('convert.contact')} rules={[needed(t('convert.contactRequired'))]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="contact_title" label={t('contact.fields.title')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="contact_role" label={t('contact.fields.role')} style={{ marginBottom: opensDeals ? 18 : 0 }}>
          <Select options={ROLES.map((value) => ({ value, label: t(`contact.roles.${value}`) }))} />
        </Form.Item>
        {opensDeals && (
          <Form.Item name="opens" valuePropName="checked" style={{ marginBottom: opens ? 12 : 0 }}>
            <Checkbox>{t('convert.opens')}</Checkbox>
          </Form.Item>
        )}
        {opens && (
          <>
            <PipelineField within="deal" />
            <DealFields within="deal" />
          </>
        )}
      </Form>
    </Sheet>
  )
}
