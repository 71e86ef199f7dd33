import type { ChatMessage } from '@/api/types'
import { formatFull } from '@/lib/time'
import styles from './ChatBubbles.module.css'

interface Props {
  messages: ChatMessage[]
  /** The name under which our side speaks. */
  mine: string
}

/** A conversation as the phone shows it: ours on the right; what nobody could be found for stays as text. */
export function ChatBubbles({ messages, mine }: Props) {
  return (
    <ol className={styles.list}>
      {messages.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place, and never move
        <li key={place} className={one.who === null ? styles.text : one.who === mine ? styles.ours : styles.theirs}>
          {one.who !== null && (
            <small className={styles.who}>
              {one.who} {one.at ? formatFull(one.at).slice(5, 16) : one.when}
            </small>
          )}
          <p className={styles.said}>{one.text}</p>
        </li>
      ))}
    </ol>
  )
}
