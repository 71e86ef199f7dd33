import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatMessage, TimelineEntry } from '@/api/types'
import { ChatBubbles } from '@/components/followUp/ChatBubbles'
import styles from './Timeline.module.css'

const SHOWN = 6

interface Chat {
  raw: string
  mine: string
  messages: ChatMessage[]
}

/** A pasted chat: its first words, all of it, and the text as it was pasted. */
export function SaidInChat({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  const [isRaw, setRaw] = useState(false)
  const chat = entry.body.chat as Chat | undefined
  if (!chat) return null
  const messages = isWhole ? chat.messages : chat.messages.slice(0, SHOWN)
  return (
    <div className={styles.chat}>
      {isRaw ? (
        <pre className={styles.raw}>{chat.raw}</pre>
      ) : (
        <ChatBubbles messages={messages} mine={chat.mine || (entry.actor?.name ?? '')} />
      )}
      {!isRaw && chat.messages.length > SHOWN && (
        <Button type="link" size="small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('timeline.chatLess') : t('timeline.chatMore', { count: chat.messages.length })}
        </Button>
      )}
      <Button type="link" size="small" onClick={() => setRaw(!isRaw)}>
        {isRaw ? t('timeline.chatRead') : t('timeline.chatRaw')}
      </Button>
    </div>
  )
}

const PLACES = { lead: '/leads', customer: '/customers', opportunity: '/opportunities' } as Record<string, string>

/** The deal, lead or customer that an entry of a customer's timeline belongs to. */
export function BelongsTo({ of }: { of: TimelineEntry['of'] }) {
  const { t } = useTranslation()
  if (!of) return null
  const what = `${t(`timeline.of.${of.type as 'lead' | 'customer' | 'opportunity'}`)} ${of.name ?? ''}`
  return (
    <p className={styles.of}>
      {of.name && PLACES[of.type] ? <Link to={`${PLACES[of.type]}/${of.id}` as '/'}>{what}</Link> : what}
    </p>
  )
}

/** The request for support that an entry tells of, where its rounds and answers are read. */
export function SupportLink({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  const support = entry.kind.startsWith('support.') ? (entry.body.support as Partial<Numbered> | undefined) : undefined
  if (!support?.id) return null
  return (
    <p className={styles.of}>
      <Link to="/support/$requestId" params={{ requestId: support.id }}>
        {t('timeline.supportRequest', { number: support.number ?? '' })}
      </Link>
    </p>
  )
}

interface Numbered {
  id: string
  number: string
}

interface Person {
  name: string
}

/** Who took part and where, as one line. */
export function whoAndWhere(t: TFunction, { body }: TimelineEntry): string[] {
  const people = (Array.isArray(body.people) ? body.people : []) as Person[]
  const names = people.map(({ name }) => name).join(t('common.listSeparator'))
  return [names, typeof body.place === 'string' ? body.place : ''].filter(Boolean)
}
