import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react'
import styles from './dashboard.module.css'

interface Props {
  tile: RefObject<HTMLElement | null>
  label: string
  width: number
  height: number
  onSize: (size: { width?: number; height?: number }) => void
}

const KEYS: Record<string, { width?: number; height?: number }> = {
  ArrowRight: { width: 1 },
  ArrowLeft: { width: -1 },
  ArrowDown: { height: 1 },
  ArrowUp: { height: -1 },
}

/** The corner of a tile: pulled with the pointer, or with the arrow keys; the size goes in whole columns and rows. */
export function ResizeHandle({ tile, label, width, height, onSize }: Props) {
  const held = useRef<{ x: number; y: number; column: number; row: number; width: number; height: number }>(undefined)
  const start = (event: PointerEvent<HTMLButtonElement>): void => {
    const box = tile.current?.getBoundingClientRect()
    if (!box) return
    event.currentTarget.setPointerCapture(event.pointerId)
    held.current = {
      x: event.clientX,
      y: event.clientY,
      column: box.width / width,
      row: box.height / height,
      width,
      height,
    }
  }
  const pull = (event: PointerEvent<HTMLButtonElement>): void => {
    const from = held.current
    if (!from) return
    const size = {
      width: from.width + Math.round((event.clientX - from.x) / from.column),
      height: from.height + Math.round((event.clientY - from.y) / from.row),
    }
    if (size.width !== width || size.height !== height) onSize(size)
  }
  const press = (event: KeyboardEvent): void => {
    const step = KEYS[event.key]
    if (!step) return
    event.preventDefault()
    onSize({ width: width + (step.width ?? 0), height: height + (step.height ?? 0) })
  }
  return (
    <button
      type="button"
      className={styles.corner}
      aria-label={label}
      onPointerDown={start}
      onPointerMove={pull}
      onPointerUp={() => {
        held.current = undefined
      }}
      onKeyDown={press}
    />
  )
}
