import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLead, leadChanged } from '@/api/leads'
import type { LeadCreate } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { keepsLeads, useMe } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import { QuickEntryFields } from './QuickEntryFields'

/** Empty fields stay away from the wire: the server then applies its own defaults. */
export function toNewLead(fields: Partial<LeadCreate>): LeadCreate {
  const filled = Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])
  return Object.fromEntries(
    filled.filter(([, value]) => value !== '' && value !== undefined && value !== null),
  ) as LeadCreate
}

export function QuickEntrySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const [form] = Form.useForm<LeadCreate>()
  const [key] = useState(newKey)
  const save = useMutation({
    mutationFn: (fields: LeadCreate) => createLead(toNewLead(fields), key),
    onSuccess: async (lead) => {
      noteUse('lead.quick_entry')
      const staysInSight = lead.owner !== null || me.scopes.includes('company')
      void message.success(t(staysInSight ? 'quick.created' : 'quick.routed'))
      onClose()
      if (staysInSight) void navigate({ to: '/leads/$leadId', params: { leadId: lead.id } })
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
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
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
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
        onFinish={(fields) => save.mutate(fields)}
      >
        <QuickEntryFields form={form} />
      </Form>
    </Sheet>
  )
}
