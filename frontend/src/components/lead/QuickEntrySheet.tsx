import { useNavigate } from '@tanstack/react-router'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLead } from '@/api/leads'
import type { Lead, LeadCreate } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { newKey } from '@/lib/keys'
import { keepsLeads, useMe } from '@/lib/session'
import { QuickEntryFields } from './QuickEntryFields'
import { useLeadSheet } from './useLeadSheet'

/** Empty fields stay away from the wire: the server then applies its own defaults. */
export function toNewLead(fields: Partial<LeadCreate>): LeadCreate {
  const filled = Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])
  return Object.fromEntries(
    filled.filter(([, value]) => value !== '' && value !== undefined && value !== null),
  ) as LeadCreate
}

export function QuickEntrySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const [key] = useState(newKey)
  const staysInSight = (lead: Lead) => lead.owner !== null || me.scopes.includes('company')
  const { form, isSaving, save } = useLeadSheet<LeadCreate, Lead>({
    feature: 'lead.quick_entry',
    save: (fields) => createLead(toNewLead(fields), key),
    said: (_, lead) => t(staysInSight(lead) ? 'quick.created' : 'quick.routed'),
    onSaved: (lead) => {
      if (staysInSight(lead)) void navigate({ to: '/leads/$leadId', params: { leadId: lead.id } })
    },
    onClose,
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('quick.title')}
      phoneHeight="full"
      width={560}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {t('quick.submit')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        initialValues={{ source: 'manual', assign_to_me: keepsLeads(me), currency: 'CNY' }}
        onFinish={save}
      >
        <QuickEntryFields form={form} />
      </Form>
    </Sheet>
  )
}
