import { KeyOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changePassword } from '@/api/identity'
import { ApiProblem } from '@/api/problem'
import { Sheet } from '@/components/Sheet'
import { showProblem } from '@/lib/formProblem'
import { problemWords } from '@/lib/words'
import styles from './MePage.module.css'

const SHORTEST = 10

interface Fields {
  current_password: string
  new_password: string
  repeat: string
}

export function PasswordForm() {
  const { t } = useTranslation()
  const hash = useLocation({ select: (location) => location.hash })
  const [isOpen, setIsOpen] = useState(hash === 'password')
  return (
    <section className={`${styles.card} ${styles.row}`}>
      <h2 className={styles.heading}>{t('signIn.password')}</h2>
      <Button icon={<KeyOutlined aria-hidden />} onClick={() => setIsOpen(true)}>
        {t('me.password')}
      </Button>
      <PasswordSheet open={isOpen} onClose={() => setIsOpen(false)} />
    </section>
  )
}

function PasswordSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: (fields: Fields) => changePassword(fields.current_password, fields.new_password),
    onError: (error) => {
      if (!(error instanceof ApiProblem && error.code === 'password_wrong')) return showProblem(form, message, t, error)
      form.setFields([{ name: 'current_password', errors: [problemWords(t, error).title] }])
      form.getFieldInstance('current_password')?.focus({ cursor: 'all' })
    },
  })
  const isSame = async (_: unknown, value?: string): Promise<void> => {
    if (value && value !== form.getFieldValue('new_password')) throw new Error(t('me.passwordMismatch'))
  }
  const required = { required: true, message: t('people.required') }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('me.password')}
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <p style={{ marginBottom: 16 }}>{t('me.passwordHelp')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <Form.Item name="current_password" label={t('me.currentPassword')} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new_password"
          label={t('me.newPassword')}
          extra={t('me.passwordRule')}
          rules={[required, { min: SHORTEST, message: t('me.passwordRule') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('me.repeatPassword')}
          dependencies={['new_password']}
          rules={[required, { validator: isSame }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
