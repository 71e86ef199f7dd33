import { SettingOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Collapse, Form, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportKeys, exportPolicyQuery, setExportPolicy } from '@/api/exports'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'

const TABLES = ['export_policy'] as const

interface Fields {
  approval_above: number
}

/** From how many rows on an export waits for approval. */
export function ApprovalLimit() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const isPhone = useIsPhone()
  const [isOpen, setIsOpen] = useState(false)
  const [form] = Form.useForm<Fields>()
  const policy = useQuery(exportPolicyQuery)
  const save = useMutation({
    mutationFn: ({ approval_above }: Fields) => setExportPolicy(approval_above),
    onSuccess: () => {
      setIsOpen(false)
      void message.success(t('common.saved'))
      return client.invalidateQueries({ queryKey: exportKeys.all })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  if (!policy.data) return null
  return (
    <>
      <Button icon={<SettingOutlined aria-hidden />} aria-label={t('exports.limit')} onClick={() => setIsOpen(true)}>
        {isPhone ? null : t('exports.limit')}
      </Button>
      <Sheet open={isOpen} onClose={() => setIsOpen(false)} title={t('exports.limit')}>
        <Form form={form} layout="vertical" initialValues={policy.data} onFinish={(fields) => save.mutate(fields)}>
          <Form.Item
            name="approval_above"
            label={t('exports.limitLabel')}
            extra={t('exports.limitHelp')}
            rules={[{ required: true, message: t('people.required') }]}
          >
            <InputNumber min={0} max={100_000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Form>
        <Collapse
          ghost
          items={[{ key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} /> }]}
        />
      </Sheet>
    </>
  )
}
