import { SendOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Channel } from '@/api/types'
import { sayProblem, showProblem } from '@/lib/formProblem'
import { channelKeys, outcomeQuery, setCredentials, testChannel } from './settingsApi'

interface Fields {
  access_token: string
  secret?: string
}

interface Props {
  channel: Channel
  onSaved: (channel: Channel) => void
}

/** The token out of a pasted webhook address, or the text itself. */
export function tokenIn(text: string): string {
  return /[?&]access_token=([^&\s]+)/.exec(text)?.[1] ?? text.trim()
}

/** Write-only: what was entered is never shown again. Beside it the proof that it works. */
export function CredentialsForm({ channel, onSaved }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: ({ access_token, secret }: Fields) =>
      setCredentials(channel.id, tokenIn(access_token), secret?.trim() || null),
    onSuccess: (saved) => {
      void message.success(t('channels.credentialsSaved'))
      form.resetFields()
      onSaved(saved)
      return client.invalidateQueries({ queryKey: channelKeys.all })
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <>
      <Alert
        type={channel.has_credentials ? 'success' : 'warning'}
        showIcon
        style={{ marginBottom: 16 }}
        title={channel.has_credentials ? t('channels.hasCredentials') : t('channels.noCredentials')}
      />
      <Form form={form} layout="vertical" autoComplete="off" onFinish={(fields) => save.mutate(fields)}>
        <Form.Item
          name="access_token"
          label={t('channels.token')}
          extra={t('channels.tokenHelp')}
          rules={[{ required: true, whitespace: true, message: t('people.required') }]}
        >
          <Input.Password visibilityToggle={false} autoComplete="new-password" maxLength={400} />
        </Form.Item>
        <Form.Item name="secret" label={t('channels.secret')} extra={t('channels.secretHelp')}>
          <Input.Password visibilityToggle={false} autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('channels.saveCredentials')}
        </Button>
      </Form>
      <ChannelTest channel={channel} />
    </>
  )
}

/** A real message on the channel's own way, watched until it has an outcome. */
export function ChannelTest({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const test = useMutation({
    mutationFn: () => testChannel(channel.id),
    onError: (error) => sayProblem(message, t, error),
  })
  const outcome = useQuery(outcomeQuery(test.data?.id))
  const delivery = test.data && (outcome.data ?? test.data)
  const types = { sent: 'success', dead: 'error', pending: 'info', sending: 'info' } as const
  return (
    <section style={{ marginTop: 28 }}>
      <p style={{ marginBottom: 8 }}>{t('channels.testHelp')}</p>
      <Button
        icon={<SendOutlined aria-hidden />}
        loading={test.isPending}
        disabled={!channel.has_credentials || !channel.is_active}
        onClick={() => test.mutate()}
      >
        {t('channels.test')}
      </Button>
      <div role="status" style={{ marginTop: 12 }}>
        {delivery && (
          <Alert
            type={types[delivery.state]}
            showIcon
            title={t(`channels.outcome.${delivery.state}`)}
            description={delivery.state === 'sent' ? undefined : delivery.last_error}
          />
        )}
      </div>
    </section>
  )
}
