import { UserDeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { candidatesQuery, reassign } from '@/api/leads'
import type { Candidate } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { CandidatePicker } from './CandidatePicker'
import { LeadConflict } from './LeadConflict'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'
import { useLeadSheet } from './useLeadSheet'

interface Fields {
  person_id: string
  reason: string
}

export function ReassignSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const candidates = useQuery(candidatesQuery(lead.id))
  const { form, isSaving, save, newer } = useLeadSheet<Fields, unknown>({
    feature: 'lead.reassign',
    leadId: lead.id,
    save: (fields, newer) => reassign(lead.id, (newer ?? lead).version, fields.person_id, fields.reason.trim()),
    said: (fields) => t('reassign.done', { name: nameOf(candidates.data?.items, fields.person_id) }),
    onClose,
  })
  const owner = (newer ?? lead).owner
  const others = candidates.data?.items.filter(({ person }) => person.id !== owner?.id)
  const submit = (
    <Button
      type="primary"
      size="large"
      block
      loading={isSaving}
      disabled={!others?.length || newer !== null}
      onClick={() => form.submit()}
    >
      {t('reassign.submit')}
    </Button>
  )
  return (
    <Sheet open={open} onClose={onClose} title={`${t('reassign.title')} · ${leadName(t, lead)}`} footer={submit}>
      {candidates.isPending && <CardSkeletons count={2} />}
      {candidates.isError && <ErrorState error={candidates.error} onRetry={() => void candidates.refetch()} />}
      {others?.length === 0 && (
        <EmptyState
          icon={<UserDeleteOutlined aria-hidden />}
          title={t('reassign.none')}
          text={t('reassign.noneHelp')}
        />
      )}
      {others && others.length > 0 && (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={save}>
          {newer && (
            <LeadConflict
              newer={newer}
              anyway={t('reassign.anyway')}
              isSaving={isSaving}
              onAnyway={form.submit}
              onLeave={onClose}
            />
          )}
          <Form.Item
            name="person_id"
            label={t('reassign.who')}
            rules={[{ required: true, message: t('reassign.whoRequired') }]}
          >
            <CandidatePicker candidates={others} />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('reassign.reason')}
            rules={[{ required: true, whitespace: true, message: t('reassign.reasonRequired') }]}
            style={{ marginBottom: 0 }}
          >
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 5 }}
              maxLength={500}
              placeholder={t('reassign.reasonPlaceholder')}
            />
          </Form.Item>
        </Form>
      )}
    </Sheet>
  )
}

function nameOf(candidates: Candidate[] | undefined, id: string): string {
  return candidates?.find(({ person }) => person.id === id)?.person.name ?? ''
}
