import { RollbackOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { type Register, undoImport } from './api'
import styles from './imports.module.css'
import { useStep } from './steps'

export function UndoImport({ run }: { run: ImportRun }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const undo = useStep(run.id, (reason: string) => undoImport(run.id, reason))
  return (
    <>
      <Button danger icon={<RollbackOutlined aria-hidden />} onClick={() => setIsOpen(true)}>
        {t('imports.undo')}
      </Button>
      <Sheet open={isOpen} onClose={() => setIsOpen(false)} title={t('imports.undo')}>
        <p className={`${styles.soft} ${styles.said}`}>
          {t(`imports.undoHelp.${run.target as Register}`, { count: run.counts.created })}
        </p>
        <Form layout="vertical" onFinish={({ reason }: { reason: string }) => undo.mutate(reason)}>
          <Form.Item
            name="reason"
            label={t('imports.undoReason')}
            rules={[{ required: true, whitespace: true, message: t('people.required') }]}
          >
            <Input maxLength={200} placeholder={t('imports.undoReasonHint')} />
          </Form.Item>
          <Button danger type="primary" htmlType="submit" block loading={undo.isPending}>
            {t('imports.undoNow')}
          </Button>
        </Form>
      </Sheet>
    </>
  )
}
