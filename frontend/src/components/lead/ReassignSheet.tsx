import { UserDeleteOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { candidatesQuery, leadChanged, reassign } from '@/api/leads'
import type { Candidate } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import { CandidatePicker } from './CandidatePicker'
import type { SheetProps } from './LeadSheets'
import { leadName } from './leadWords'

interface Fields {
  person_id: string
  reason: string
}

export function ReassignSheet({ lead, open, onClose }: SheetProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const candidates = useQuery(candidatesQuery(lead.id))
  const others = candidates.data?.items.filter(({ person }) => person.id !== lead.owner?.id)
  const save = useMutation({
    mutationFn: (fields: Fields) => reassign(lead.id, fields.person_id, fields.reason.trim()),
    onSuccess: async (_, fields) => {
      noteUse('lead.reassign')
      void message.success(t('reassign.done', { name: nameOf(others, fields.person_id) }))
      onClose()
      await leadChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const submit = (
    <Button
      type="primary"
      size="large"
      block
      loading={save.isPending}
      disabled={!others?.length}
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
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
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
