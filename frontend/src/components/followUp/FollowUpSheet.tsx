import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Segmented } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentsChanged } from '@/api/documents'
import { type LoggedWith, logFollowUp, logNote } from '@/api/timeline'
import type { Contact, TimelineEntry } from '@/api/types'
import type { Row } from '@/components/document/useSending'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { dropDraft, keepDraft, readDraft } from '@/lib/draft'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { serverNow } from '@/lib/serverClock'
import { useMe } from '@/lib/session'
import { tomorrowMorning } from '@/lib/time'
import { noteUse } from '@/lib/usage'
import { FollowUpFiles } from './FollowUpFiles'
import styles from './FollowUpSheet.module.css'
import {
  chainContacts,
  enclosedBody,
  type Fields,
  fieldsOf,
  followUpBody,
  INITIAL,
  type Kind,
  likelyMet,
  MET,
  NOBODY,
  noteBody,
  type People,
  samePeople,
} from './followUpFields'
import { KindFields } from './KindFields'
import { useFollowUpFiles } from './useFollowUpFiles'
import { VisitChecklist } from './VisitChecklist'

const KINDS = ['call', 'visit', 'message', 'meeting', 'email', 'note'] as const
/** Nobody was spoken to: without a next step the lead would leave every list. */
const ASKS_AGAIN = ['callback', 'no_answer']

export interface FollowUpProps extends Opening {
  subject: LoggedWith
  /** Whom it is about. */
  name: string
  contacts?: Pick<Contact, 'id' | 'name' | 'role'>[]
  /** Contacts who were met last. */
  metLast?: string[]
  /** Names that are known without being contacts. */
  known?: string[]
  /** Places that are likely. */
  places?: string[]
  /** What is said once it is kept. */
  saved: string
  feature: string
  /** The entry that this one is to stand for. */
  corrects?: TimelineEntry | undefined
  changed: (client: QueryClient) => Promise<void>
}

interface Draft {
  fields: Fields
  key: string
}

/** A call, visit, meeting, message or e-mail with what came of it, or a note. What was begun is kept on the device until it is saved. */
export function FollowUpSheet(props: FollowUpProps) {
  const {
    subject,
    name,
    contacts = [],
    metLast = [],
    known = [],
    places = [],
    saved,
    feature,
    corrects,
    changed,
    open,
    onClose,
  } = props
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const me = useMe()
  const [form] = Form.useForm<Fields>()
  const draftName = `${me.id}.${subject.type}.${subject.id}`
  const [draft, setDraft] = useState(() => (corrects ? null : readDraft<Draft>(draftName)))
  const [key, setKey] = useState(() => draft?.key ?? newKey())
  const [begun] = useState<Fields>(() => (corrects ? fieldsOf(corrects) : (draft?.fields ?? INITIAL)))
  const fields: Fields = Form.useWatch([], form) ?? begun
  const kind = fields.kind ?? begun.kind
  const hasChosenNext = useRef(Boolean(corrects || draft))
  const proposed = useRef<People>(undefined)
  const keep = (edited: Partial<Fields>): void => {
    propose(edited)
    if (!corrects) keepDraft(draftName, { fields: { ...begun, ...form.getFieldsValue(true) }, key } satisfies Draft)
  }
  const propose = (edited: Partial<Fields>): void => {
    if ('next_step_at' in edited) hasChosenNext.current = true
    if (edited.kind && MET.includes(edited.kind) && !form.getFieldValue('outcome'))
      form.setFieldsValue({ outcome: 'reached' })
    if (edited.kind) proposeForVisit(edited.kind === 'visit')
    if (!edited.outcome || hasChosenNext.current) return
    form.setFieldsValue({ next_step_at: ASKS_AGAIN.includes(edited.outcome) ? tomorrowMorning(serverNow()) : null })
  }
  /** A visit is most often with the same people, at their place; of another kind nobody is said to have been there. */
  const proposeForVisit = (isVisit: boolean): void => {
    const isUntouched = samePeople(form.getFieldValue('people'), proposed.current)
    if (isUntouched) form.setFieldValue('people', isVisit ? likelyMet(contacts, metLast) : NOBODY)
    proposed.current = isVisit && isUntouched ? likelyMet(contacts, metLast) : undefined
    if (isVisit && !form.getFieldValue('place')) form.setFieldValue('place', places[0])
  }
  const startAnew = (): void => {
    dropDraft(draftName)
    setDraft(null)
    setKey(newKey())
    form.setFieldsValue({ ...emptied(form.getFieldsValue(true)), ...INITIAL })
  }
  const files = useFollowUpFiles(corrects)
  const save = useMutation({
    mutationFn: (sent: Row[]) => {
      const all: Fields = { ...begun, ...form.getFieldsValue(true) }
      const { kind } = all
      const enclosed = enclosedBody(sent, files.without)
      return kind === 'note'
        ? logNote(subject, { ...noteBody(all, corrects?.id), ...enclosed }, key)
        : logFollowUp(subject, { ...followUpBody({ ...all, kind }, corrects?.id), ...enclosed }, key)
    },
    onSuccess: async (_, sent) => {
      noteUse(feature)
      dropDraft(draftName)
      void message.success(corrects ? t('followUp.corrected') : kind === 'note' ? t('followUp.noteSaved') : saved)
      onClose()
      await changed(client)
      if (sent.length > 0) await documentsChanged(client)
    },
    onError: (error) => {
      if (files.refused(error)) void message.error(t('followUp.filesRefused'))
      else showProblem(form, message, t, error)
    },
  })
  const submit = async (): Promise<void> => {
    const sent = await files.send()
    if (sent) save.mutate(sent)
  }
  const isNote = corrects?.kind === 'note'
  const kinds: readonly Kind[] = corrects ? (isNote ? ['note'] : KINDS.filter((one) => one !== 'note')) : KINDS
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${corrects ? t('followUp.correct') : t('followUp.title')} · ${name}`}
      phoneHeight="full"
      keepsOnOutsideTap
      footer={
        <>
          {kind === 'visit' && (
            <VisitChecklist
              visit={{
                place: fields.place ?? '',
                chainContacts: chainContacts(fields.people, contacts),
                said: fields.note ?? '',
                nextStep: fields.next_step ?? '',
              }}
            />
          )}
          <Button
            type="primary"
            size="large"
            block
            loading={save.isPending || files.isSending}
            disabled={files.isHeld}
            onClick={() => form.submit()}
          >
            {kind === 'note' ? t('followUp.submitNote') : t('followUp.submit')}
          </Button>
        </>
      }
    >
      {draft && (
        <div className={styles.draft} role="status">
          {t('followUp.draft')}
          <Button type="link" onClick={startAnew}>
            {t('followUp.dropDraft')}
          </Button>
        </div>
      )}
      {corrects && <p className={styles.draft}>{t('followUp.correctHelp')}</p>}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={begun}
        onValuesChange={keep}
        onFinish={() => void submit()}
      >
        <Form.Item name="kind" label={t('followUp.kind')}>
          <Segmented
            block
            className={styles.kinds ?? ''}
            options={kinds.map((value) => ({ value, label: t(`followUp.kinds.${value}`) }))}
          />
        </Form.Item>
        <KindFields
          kind={kind}
          contacts={contacts}
          known={known}
          places={places}
          hasNext={Boolean(fields.next_step_at)}
        />
        <FollowUpFiles files={files} />
      </Form>
    </Sheet>
  )
}

const emptied = (fields: Fields): Partial<Record<keyof Fields, undefined>> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, undefined]))
