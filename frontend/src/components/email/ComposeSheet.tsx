import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Subject } from '@/api/documents'
import { dropboxQuery, emailsChanged, mailingQuery, sendEmail } from '@/api/emails'
import type { Email, Mailing } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, ErrorState } from '@/components/states'
import { dropDraft, keepDraft, readDraft } from '@/lib/draft'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'
import { answering, asLeft, type Draft, EMPTY, type Enclosed, toEmail } from './composing'
import styles from './Email.module.css'
import { Enclosures } from './Enclosures'
import { oursOf } from './emailWords'
import { RecipientField } from './RecipientField'
import { useMailContacts } from './useMailContacts'

export interface Reply {
  email: Email
  isToAll: boolean
}

interface Props extends Opening {
  subject: Subject
  reply?: Reply
}

/** A letter to people of a record; what is begun stays on this device until it goes. */
export function ComposeSheet(props: Props) {
  const { t } = useTranslation()
  const mailing = useQuery(mailingQuery)
  const dropbox = useQuery(dropboxQuery(props.subject))
  if (mailing.data && !dropbox.isPending)
    return <ComposeForm {...props} mailing={mailing.data} dropbox={dropbox.data?.address ?? null} />
  return (
    <Sheet open={props.open} onClose={props.onClose} title={t('mail.write')} width={720} phoneHeight="full">
      {mailing.isError ? (
        <ErrorState error={mailing.error} onRetry={() => void mailing.refetch()} />
      ) : (
        <CardSkeletons count={2} />
      )}
    </Sheet>
  )
}

type Fields = Omit<Draft, 'files'>

function ComposeForm({
  subject,
  reply,
  mailing,
  dropbox,
  open,
  onClose,
}: Props & { mailing: Mailing; dropbox: string | null }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const contacts = useMailContacts(subject)
  const [form] = Form.useForm<Fields>()
  const name = `email.${subject.id}.${reply ? `${reply.email.id}.${reply.isToAll}` : 'new'}`
  const [fresh] = useState(() => (reply ? answering(t, reply.email, reply.isToAll, oursOf(mailing, dropbox)) : EMPTY))
  const [left] = useState(() => readDraft<Draft>(name))
  const [first] = useState(() => (left ? asLeft(left, Date.now()) : fresh))
  const [files, setFiles] = useState(first.files)
  const [hasCc, setHasCc] = useState(first.cc.length > 0)
  const [isUploading, setIsUploading] = useState(false)
  const [key, setKey] = useState(newKey)
  const draftOf = (now: Enclosed[]): Draft => ({ ...EMPTY, ...(form.getFieldsValue(true) as Fields), files: now })
  const keep = (now: Enclosed[]): void => {
    // What is changed is another letter.
    setKey(newKey())
    keepDraft(name, draftOf(now))
  }
  const change = useCallback((next: (before: Enclosed[]) => Enclosed[]) => setFiles(next), [])
  const keepFiles = useEffectEvent(() => files !== first.files && keep(files))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the files say when
  useEffect(() => void keepFiles(), [files])
  const known = [
    ...contacts.map(({ email, name: who }) => ({ address: email, name: who })),
    ...(reply ? [reply.email.sender, ...reply.email.to, ...reply.email.cc] : []),
  ]
  const send = useMutation({
    mutationFn: () =>
      sendEmail(
        toEmail(draftOf(files), { subject_type: subject.type, subject_id: subject.id }, known, reply?.email.id ?? null),
        key,
      ),
    onSuccess: async () => {
      noteUse('email.send')
      dropDraft(name)
      void message.success(t('mail.onItsWay'))
      onClose()
      await emailsChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const discard = (): void =>
    void modal.confirm({
      title: t('mail.dropDraftAsk'),
      okText: t('mail.dropDraft'),
      okButtonProps: { danger: true },
      onOk: () => {
        dropDraft(name)
        onClose()
      },
    })
  const size = files.reduce((sum, one) => sum + one.size, 0)
  const isHeld = isUploading || size > mailing.most_attached_bytes || mailing.left_today === 0
  return (
    <Sheet
      open={open}
      onClose={onClose}
      keepsOnOutsideTap
      width={720}
      phoneHeight="full"
      title={reply ? t(reply.isToAll ? 'mail.replyAll' : 'mail.reply') : t('mail.write')}
      footer={
        <div className={styles.answers}>
          <Button type="primary" size="large" loading={send.isPending} disabled={isHeld} onClick={() => form.submit()}>
            {t('mail.send')}
          </Button>
          <Button size="large" type="text" onClick={discard}>
            {t('mail.dropDraft')}
          </Button>
        </div>
      }
    >
      <p className={styles.help}>
        {t('mail.sentFrom', { address: mailing.from_address ?? '' })}
        {mailing.can_receive && ` ${t('mail.answersCome')}`}
        {left && ` ${t('mail.draftFound')}`}
      </p>
      {mailing.left_today === 0 && (
        <p className={styles.wrong} role="alert">
          {t('mail.noneLeft')}
        </p>
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={first}
        onValuesChange={() => keep(files)}
        onFinish={() => send.mutate()}
      >
        <RecipientField name="to" contacts={contacts} isNeeded />
        {hasCc ? (
          <RecipientField name="cc" contacts={contacts} isNeeded={false} />
        ) : (
          <Button type="link" size="small" className={styles.addCc ?? ''} onClick={() => setHasCc(true)}>
            {t('mail.addCc')}
          </Button>
        )}
        <Form.Item
          name="subject"
          label={t('mail.subject')}
          rules={[{ required: true, whitespace: true, message: t('mail.subjectNeeded') }]}
        >
          <Input maxLength={300} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="text"
          label={t('mail.text')}
          rules={[{ required: true, whitespace: true, message: t('mail.textNeeded') }]}
        >
          <Input.TextArea autoSize={{ minRows: 8, maxRows: 24 }} maxLength={50_000} />
        </Form.Item>
      </Form>
      <Enclosures
        subject={subject}
        files={files}
        most={mailing.most_attached_bytes}
        onChange={change}
        onSending={setIsUploading}
      />
    </Sheet>
  )
}
