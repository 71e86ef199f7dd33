import { SaveOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { importKeys, saveMapping } from './api'

interface Fields {
  name: string
  is_shared: boolean
}

/** Keeps how this file is read, for the next file with the same columns. */
export function SaveMapping({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: ({ name, is_shared }: Fields) => saveMapping(run, name, is_shared),
    onSuccess: () => {
      setIsOpen(false)
      void message.success(t('imports.mappingSaved'))
      return client.invalidateQueries({ queryKey: importKeys.mappings(run.target) })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <>
      <Button icon={<SaveOutlined aria-hidden />} onClick={() => setIsOpen(true)}>
        {t('imports.saveMapping')}
      </Button>
      <Sheet open={isOpen} onClose={() => setIsOpen(false)} title={t('imports.saveMapping')}>
        <Form
          form={form}
          layout="vertical"
          initialValues={{ name: '', is_shared: false }}
          onFinish={(fields) => save.mutate(fields)}
        >
          <Form.Item
            name="name"
            label={t('imports.mappingName')}
            rules={[{ required: true, whitespace: true, message: t('people.required') }]}
          >
            <Input maxLength={60} placeholder={t('imports.mappingNameHint')} />
          </Form.Item>
          <Form.Item name="is_shared" label={t('imports.mappingShared')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Form>
      </Sheet>
    </>
  )
}
