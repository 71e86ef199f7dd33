import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { enter } from '@/api/identity'
import { ApiProblem } from '@/api/problem'
import type { EndReason } from '@/api/session'
import { useSession } from '@/lib/session'
import styles from './SignInForm.module.css'
import { SignInProblem } from './SignInProblem'

interface Fields {
  login: string
  password: string
}

const ENDED = {
  signed_out: 'signIn.signedOut',
  expired: 'signIn.expired',
  elsewhere: 'signIn.elsewhere',
  password_changed: 'signIn.passwordChanged',
} as const satisfies Record<EndReason, string>

export function SignInForm() {
  const { t } = useTranslation()
  const router = useRouter()
  const { next } = useSearch({ from: '/sign-in' })
  const { endReason } = useSession()
  const [form] = Form.useForm<Fields>()
  const signIn = useMutation({
    mutationFn: (fields: Fields) => enter(fields.login.trim(), fields.password),
    onSuccess: () => router.navigate({ to: next ?? '/today', replace: true }),
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'sign_in_failed')
        form.getFieldInstance('password')?.focus({ cursor: 'all' })
    },
  })
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`
  }, [t])
  return (
    <div className={styles.box}>
      <h1 className={styles.title}>{t('signIn.title')}</h1>
      {endReason && !signIn.isError && (
        <Alert className={styles.note ?? ''} role="status" type="info" showIcon title={t(ENDED[endReason])} />
      )}
      {signIn.isError && <SignInProblem key={signIn.submittedAt} error={signIn.error} />}
      <Form
        form={form}
        layout="vertical"
        size="large"
        requiredMark={false}
        onFinish={(fields) => signIn.mutate(fields)}
      >
        <Form.Item
          name="login"
          label={t('signIn.login')}
          rules={[{ required: true, whitespace: true, message: t('signIn.loginRequired') }]}
        >
          <Input
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            maxLength={100}
            placeholder={t('signIn.loginHint')}
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.passwordRequired') }]}
        >
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </Form>
      <p className={styles.forgot}>{t('signIn.forgot')}</p>
    </div>
  )
}
