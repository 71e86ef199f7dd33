import { Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BulkAction, Disqualification } from '@/api/types'
import { DisqualifyFields } from '@/components/lead/DisqualifyFields'
import type { BulkSheetProps } from '@/components/list/BulkBar'
import { WhoAndWhy, type WhoAndWhyFields } from '@/components/list/WhoAndWhy'
import { Sheet } from '@/components/Sheet'

/** To whom, or why. */
export function LeadBulkSheet({ action, count, isSaving, onClose, onSubmit }: BulkSheetProps<BulkAction>) {
  const { t } = useTranslation()
  const [assign] = Form.useForm<WhoAndWhyFields>()
  const [close] = Form.useForm<Disqualification>()
  const form = action === 'assign' ? assign : close
  const look = { layout: 'vertical', requiredMark: false } as const
  return (
    <Sheet
      open={action !== null}
      onClose={onClose}
      title={action === 'disqualify' ? t('bulk.disqualifyTitle', { count }) : t('bulk.assignTitle', { count })}
      footer={
        <Button type="primary" size="large" block loading={isSaving} onClick={() => form.submit()}>
          {t('bulk.submit', { count })}
        </Button>
      }
    >
      {action === 'assign' && (
        <Form
          {...look}
          form={assign}
          onFinish={({ person_id, reason }) => onSubmit({ action: 'assign', person_id, reason: reason.trim() })}
        >
          <WhoAndWhy who={t('reassign.who')} why={t('reassign.reason')} whyRequired={t('reassign.reasonRequired')} />
        </Form>
      )}
      {action === 'disqualify' && (
        <Form {...look} form={close} onFinish={(fields) => onSubmit({ action: 'disqualify', ...fields })}>
          <DisqualifyFields />
        </Form>
      )}
    </Sheet>
  )
}
