import { Drawer } from 'antd'
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useIsPhone } from '@/lib/media'
import styles from './Sheet.module.css'

interface Props {
  open: boolean
  onClose: () => void
  title: ReactNode
  footer?: ReactNode
  /** On the phone: as tall as its content, or the whole screen for long forms. */
  phoneHeight?: 'content' | 'full'
  width?: number
  /** Long forms: a tap beside them must not throw away what was typed. */
  keepsOnOutsideTap?: boolean
  children: ReactNode
}

/** A bottom sheet on the phone and a drawer on the PC. Focus stays inside and returns to where it came from. */
export function Sheet({
  open,
  onClose,
  title,
  footer,
  phoneHeight = 'content',
  width = 480,
  keepsOnOutsideTap = false,
  children,
}: Props) {
  const isPhone = useIsPhone()
  useFocusReturn(open)
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={title}
      footer={footer}
      placement={isPhone ? 'bottom' : 'right'}
      size={isPhone ? (phoneHeight === 'full' ? '100dvh' : 'auto') : width}
      rootClassName={isPhone ? `${styles.sheet} ${styles[phoneHeight]}` : styles.drawer}
      mask={{ closable: !keepsOnOutsideTap }}
      closable={{ placement: 'end' }}
      destroyOnHidden
    >
      {children}
    </Drawer>
  )
}

/** A drawer that is closed before it has come in whole leaves the focus nowhere. */
function useFocusReturn(open: boolean): void {
  const opener = useRef<Element | null>(null)
  // Before the drawer takes the focus, and after it has put it down.
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement
  }, [open])
  useEffect(() => {
    if (open || document.activeElement !== document.body) return
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true })
  }, [open])
}
