import { Button, Form } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Sheet } from '@/components/Sheet'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'
import type { LeadSheetForm } from './useLeadSheet'

interface Props<Fields extends object> {
  lead: SheetProps['lead']
  open: boolean
  onClose: () => void
  title: string
  submit: string
  sheet: LeadSheetForm<Fields>
  children: ReactNode
}

/** A short form about one lead, with its button below. */
export function LeadFormSheet<Fields extends object>({ lead, title, submit, sheet, children, ...look }: Props<Fields>) {
  const { t } = useTranslation()
  const { form, isSaving, save } = sheet
  return (
    <Sheet
      {...look}
      title={`${title} · ${leadName(t, lead)}`}
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {submit}
        </Button>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={save}>
        {children}
      </Form>
    </Sheet>
  )
}
