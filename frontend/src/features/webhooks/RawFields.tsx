import styles from './webhooks.module.css'

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What the site sent, as it sent it. */
export function RawFields({ payload }: { payload: Record<string, unknown> }) {
  return (
    <dl className={styles.raw}>
      {Object.entries(payload).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
