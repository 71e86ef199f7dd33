import styles from './Avatar.module.css'

/** The last characters of a Chinese name, or the first letter of any other. */
export function initialsOf(name: string): string {
  return /\p{Script=Han}/u.test(name) ? name.slice(-2) : name.slice(0, 1).toUpperCase()
}

export function Avatar({ name, size = 40 }: { name: string; size?: number }) {
  return (
    <span
      className={styles.avatar}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.34) }}
      aria-hidden
    >
      {initialsOf(name)}
    </span>
  )
}
