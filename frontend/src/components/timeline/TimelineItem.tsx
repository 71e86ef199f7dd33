import {
  AlertOutlined,
  AuditOutlined,
  BankOutlined,
  CarOutlined,
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  CommentOutlined,
  EditOutlined,
  FileDoneOutlined,
  FileExcelOutlined,
  FileSyncOutlined,
  FormOutlined,
  FunnelPlotOutlined,
  InboxOutlined,
  MailOutlined,
  MergeCellsOutlined,
  PhoneOutlined,
  PushpinOutlined,
  RollbackOutlined,
  SafetyOutlined,
  SendOutlined,
  SignatureOutlined,
  SplitCellsOutlined,
  StopOutlined,
  SwapOutlined,
  TeamOutlined,
  ToolOutlined,
  UndoOutlined,
  UserAddOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '@/api/types'
import { deliveryWords } from '@/components/contract/contractWords'
import { contactName, entryChanges } from '@/components/customer/changeWords'
import { documentOf, formerTitle } from '@/components/document/documentWords'
import { emailLines, emailOf } from '@/components/email/emailWords'
import { bodyText, kindWords, outcomeWords, reasonWords, sourceWords } from '@/components/lead/leadWords'
import { Moment } from '@/components/Moment'
import { moveWords } from '@/components/opportunity/opportunityWords'
import { useSession } from '@/lib/session'
import { word } from '@/lib/words'
import { EntryDocument } from './EntryDocument'
import { EntryEmail } from './EntryEmail'
import { EntryFiles } from './EntryFiles'
import { BelongsTo, SaidInChat, SupportLink, whoAndWhere } from './Said'
import styles from './Timeline.module.css'

const ICONS: Record<string, ReactNode> = {
  call: <PhoneOutlined />,
  visit: <CarOutlined />,
  meeting: <TeamOutlined />,
  message: <CommentOutlined />,
  email: <MailOutlined />,
  'email.sent': <SendOutlined />,
  'email.received': <MailOutlined />,
  'email.failed': <CloseCircleOutlined />,
  'email.taken_out': <UndoOutlined />,
  'lead.received': <InboxOutlined />,
  'lead.assigned': <UserAddOutlined />,
  'lead.reassigned': <SwapOutlined />,
  'lead.taken_over': <UserSwitchOutlined />,
  'lead.escalated': <AlertOutlined />,
  'lead.fields_changed': <EditOutlined />,
  'lead.import_undone': <RollbackOutlined />,
  'lead.merged': <MergeCellsOutlined />,
  'lead.merge_undone': <SplitCellsOutlined />,
  'lead.claimed': <UserAddOutlined />,
  'lead.reclaimed': <RollbackOutlined />,
  'lead.protected': <SafetyOutlined />,
  'lead.unprotected': <SafetyOutlined />,
  'lead.disqualified': <StopOutlined />,
  'lead.reopened': <UndoOutlined />,
  'lead.converted': <BankOutlined />,
  'customer.created': <BankOutlined />,
  'customer.changed': <FormOutlined />,
  'customer.import_undone': <RollbackOutlined />,
  'customer.merged': <MergeCellsOutlined />,
  'customer.merge_undone': <SplitCellsOutlined />,
  'customer.archived': <InboxOutlined />,
  'customer.restored': <UndoOutlined />,
  'contact.added': <UserAddOutlined />,
  'contact.changed': <FormOutlined />,
  note: <PushpinOutlined />,
  'support.asked': <ToolOutlined />,
  'support.answered': <ToolOutlined />,
  'support.accepted': <CheckCircleOutlined />,
  'support.withdrawn': <UndoOutlined />,
  'support.missed': <AlertOutlined />,
  'support.handed_over': <SwapOutlined />,
  'opportunity.created': <FunnelPlotOutlined />,
  'opportunity.changed': <FormOutlined />,
  'opportunity.moved': <SwapOutlined />,
  'contract.changed': <FileDoneOutlined />,
  'contract.signed': <SignatureOutlined />,
  'contract.completed': <CheckCircleOutlined />,
  'milestone.planned': <ClockCircleOutlined />,
  'milestone.moved': <ClockCircleOutlined />,
  'milestone.renamed': <FormOutlined />,
  'milestone.done': <CheckCircleOutlined />,
  'milestone.reopened': <UndoOutlined />,
  'milestone.cancelled': <StopOutlined />,
  'document.added': <FileDoneOutlined />,
  'document.version_added': <FileSyncOutlined />,
  'document.changed': <FormOutlined />,
  'document.withdrawn': <FileExcelOutlined />,
  'change.requested': <AuditOutlined />,
  'change.approved': <CheckCircleOutlined />,
  'change.rejected': <CloseCircleOutlined />,
  'change.withdrawn': <UndoOutlined />,
  'change.expired': <AuditOutlined />,
}
const LATE_RECORD_MS = 60_000
const ALARMS = new Set(['lead.escalated', 'support.missed', 'email.failed'])

interface Ref {
  name: string
}

const isRef = (value: unknown): value is Ref => typeof value === 'object' && value !== null && 'name' in value
const nameOf = (value: unknown): string | null => (isRef(value) ? value.name : null)
const numberOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'number' in value ? String(value.number) : null
const isReason = (value: unknown): value is { code: string; params: Record<string, unknown> } =>
  typeof value === 'object' && value !== null && 'code' in value && 'params' in value

/** What a system entry says beyond its kind. */
export function entryLines(t: TFunction, { kind, body }: TimelineEntry): string[] {
  if (kind.startsWith('email.')) return emailLines(t, { kind, body })
  const lines: (string | null)[] = []
  const owner = nameOf(body.owner)
  const from = nameOf(body.from)
  const to = nameOf(body.to)
  if (kind === 'lead.received')
    lines.push(nameOf(body.form) ?? (typeof body.source === 'string' ? sourceWords(t, body.source) : null))
  if (typeof body.file === 'string') lines.push(t('timeline.fromFile', { file: body.file }))
  if (body.replayed) lines.push(t('timeline.replayed'))
  if (kind === 'lead.disqualified' && typeof body.reason === 'string')
    return [word(t, `disqualify.reasons.${body.reason}`, body.reason)]
  if ((kind === 'lead.assigned' || kind === 'lead.claimed') && owner)
    lines.push(t('timeline.assignedTo', { name: owner }))
  if (kind === 'support.missed') lines.push(t('timeline.supportMissed', { name: nameOf(body.engineer) ?? '' }))
  const [loser, survivor] = [numberOf(body.loser), numberOf(body.survivor)]
  if (loser && survivor) lines.push(t('merge.line', { loser, survivor }))
  if (kind === 'lead.escalated' && to) lines.push(t('timeline.escalatedTo', { name: to }))
  else if (kind === 'change.requested' && to) lines.push(t('change.waitsFor', { name: to }))
  else if (from && to) lines.push(t('timeline.fromTo', { from, to }))
  else if (to) lines.push(t('timeline.assignedTo', { name: to }))
  const customer = nameOf(body.customer)
  if (customer) lines.push(customer)
  if (kind === 'support.asked' && typeof body.need === 'string') lines.push(body.need)
  if (kind === 'support.answered' && typeof body.answer === 'string') lines.push(body.answer)
  if (kind === 'opportunity.created' && typeof body.name === 'string') lines.push(body.name)
  lines.push(moveWords(t, body))
  lines.push(deliveryWords(t, body))
  if (isRef(body.contact)) lines.push(t('timeline.contact', { name: contactName(t, body.contact.name) }))
  const former = formerTitle({ kind, body })
  if (former) lines.push(t('document.former', { title: former }))
  for (const change of kind.startsWith('document.') ? [] : entryChanges(t, kind, body))
    lines.push(t('timeline.change', { ...change, field: change.label }))
  if (isReason(body.reason)) lines.push(reasonWords(t, body.reason))
  else if (typeof body.reason === 'string' && body.reason) lines.push(t('timeline.reason', { reason: body.reason }))
  if (typeof body.comment === 'string' && body.comment) lines.push(t('timeline.comment', { comment: body.comment }))
  return lines.filter((line): line is string => Boolean(line))
}

interface Props {
  entry: TimelineEntry
  /** Opens the correction of an entry, where it is offered. */
  correct?: ((entry: TimelineEntry) => void) | undefined
}

const CORRECTABLE = new Set(['call', 'visit', 'meeting', 'message', 'email', 'note'])

export function TimelineItem({ entry, correct }: Props) {
  const { t } = useTranslation()
  const { me } = useSession()
  const tone = ALARMS.has(entry.kind) ? styles.alarm : entry.outcome ? styles.human : ''
  const note = bodyText(entry, 'note')
  const isMine = entry.of === null && CORRECTABLE.has(entry.kind) && entry.actor?.id === me?.id
  return (
    <li className={styles.item}>
      <span className={`${styles.icon} ${tone}`} aria-hidden>
        {ICONS[entry.kind] ?? <InboxOutlined />}
      </span>
      <div>
        <Head entry={entry} />
        <BelongsTo of={entry.of} />
        <div className={entry.corrected_by ? styles.corrected : undefined}>
          {[...whoAndWhere(t, entry), ...entryLines(t, entry)].map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two lines may say the same, and none of them moves
            <p key={place} className={styles.text}>
              {line}
            </p>
          ))}
          <SupportLink entry={entry} />
          {documentOf(entry) && <EntryDocument entry={entry} />}
          {emailOf(entry) && <EntryEmail entry={entry} />}
          {note && <p className={styles.text}>{note}</p>}
          <SaidInChat entry={entry} />
          <EntryFiles entry={entry} />
          <NextStep entry={entry} />
        </div>
        <LateRecord entry={entry} />
        {isMine && correct && !entry.corrected_by && (
          <Button type="link" size="small" style={{ paddingInline: 0 }} onClick={() => correct(entry)}>
            {t('followUp.correct')}
          </Button>
        )}
      </div>
    </li>
  )
}

function Head({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const minutes = entry.body.duration_minutes
  return (
    <div className={styles.head}>
      <span className={styles.kind}>{kindWords(t, entry.kind)}</span>
      {entry.outcome && <span className={styles.outcome}>{outcomeWords(t, entry.outcome)}</span>}
      {entry.is_effective && <span className={styles.outcome}>{t('followUp.isEffective')}</span>}
      {entry.is_deep && !entry.is_effective && <span className={styles.outcome}>{t('timeline.deep')}</span>}
      {entry.corrects && <span className={styles.mark}>{t('timeline.correction')}</span>}
      {entry.corrected_by && <span className={styles.mark}>{t('timeline.corrected')}</span>}
      <span className={styles.meta}>
        {entry.actor?.name ?? t('timeline.system')} · <Moment at={entry.at} />
        {entry.body.direction === 'in' && ` · ${t('followUp.directions.in')}`}
        {typeof minutes === 'number' && minutes > 0 && ` · ${t('timeline.minutes', { count: minutes })}`}
      </span>
    </div>
  )
}

function NextStep({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const what = bodyText(entry, 'next_step')
  const at = bodyText(entry, 'next_step_at')
  if (!what && !at) return null
  return (
    <p className={styles.next}>
      {t('timeline.next', { what: what ?? '' })} {at && <Moment at={at} />}
    </p>
  )
}

function LateRecord({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  if (Date.parse(entry.recorded_at) - Date.parse(entry.at) < LATE_RECORD_MS) return null
  return (
    <p className={styles.next}>
      {t('timeline.recordedLater')} <Moment at={entry.recorded_at} />
    </p>
  )
}
