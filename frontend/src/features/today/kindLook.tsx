import {
  AlertFilled,
  AuditOutlined,
  CarFilled,
  ClockCircleFilled,
  FireFilled,
  FlagFilled,
  HourglassFilled,
  InboxOutlined,
  StarFilled,
  ThunderboltFilled,
  ToolFilled,
  WarningFilled,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Section } from './sections'

/** Each kind has its own shape and its own tone. */
export const KIND_LOOK: Record<Section['kind'], { icon: ReactNode; tone: 'late' | 'soon' | 'fresh' | 'calm' }> = {
  arrived: { icon: <ThunderboltFilled aria-hidden />, tone: 'fresh' },
  escalation: { icon: <AlertFilled aria-hidden />, tone: 'late' },
  to_assign: { icon: <InboxOutlined aria-hidden />, tone: 'late' },
  overdue: { icon: <FireFilled aria-hidden />, tone: 'late' },
  due_soon: { icon: <ClockCircleFilled aria-hidden />, tone: 'soon' },
  new_lead: { icon: <StarFilled aria-hidden />, tone: 'fresh' },
  support: { icon: <ToolFilled aria-hidden />, tone: 'soon' },
  approval: { icon: <AuditOutlined aria-hidden />, tone: 'soon' },
  stalled: { icon: <HourglassFilled aria-hidden />, tone: 'late' },
  delivery: { icon: <CarFilled aria-hidden />, tone: 'soon' },
  to_follow: { icon: <FlagFilled aria-hidden />, tone: 'calm' },
  no_backup: { icon: <WarningFilled aria-hidden />, tone: 'late' },
}
