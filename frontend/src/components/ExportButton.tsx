import { DownloadOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askForExport, exportKeys, exportPolicyQuery, takeExport } from '@/api/exports'
import type { ExportCreate } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import styles from './ExportButton.module.css'

type List = Pick<ExportCreate, 'target' | 'scope' | 'filters'>
type Fields = Required<Pick<ExportCreate, 'format' | 'reason'>>

/** Takes the list on the screen out as a file; many rows wait until somebody has agreed. */
export function ExportButton({ list }: { list: List }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden />} aria-label={t('exports.open')} onClick={() => setIsOpen(true)}>
        {isPhone ? null : t('exports.open')}
      </Button>
      <Sheet open={isOpen} onClose={() => setIsOpen(false)} title={t('exports.title')}>
        <ExportForm list={list} onDone={() => setIsOpen(false)} />
      </Sheet>
    </>
  )
}

function ExportForm({ list, onDone }: { list: List; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<Fields>()
  const policy = useQuery(exportPolicyQuery)
  const ask = useMutation({
    mutationFn: (fields: Fields) => askForExport({ ...list, ...fields }),
    onSuccess: async (made) => {
      onDone()
      void client.invalidateQueries({ queryKey: exportKeys.all })
      if (made.state === 'ready') {
        await takeExport(made.id)
        void message.success(t('exports.taken', { count: made.rows }))
        return
      }
      void message.info(t(made.state === 'waiting' ? 'exports.nowWaiting' : 'exports.nowMaking', { count: made.rows }))
      void navigate({ to: '/exports' })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ format: 'xlsx', reason: '' }}
      onFinish={(fields) => ask.mutate(fields)}
    >
      <p>{t('exports.help')}</p>
      <p className={styles.above}>
        {policy.data ? t('exports.above', { count: policy.data.approval_above }) : '\u00a0'}
      </p>
      <Form.Item name="format" label={t('exports.format')}>
        <Radio.Group
          options={[
            { value: 'xlsx', label: 'Excel (.xlsx)' },
            { value: 'csv', label: 'CSV' },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={t('exports.reason')}>
        <Input maxLength={200} placeholder={t('exports.reasonHint')} />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={ask.isPending}>
        {t('exports.ask')}
      </Button>
    </Form>
  )
}
