import {
  AlertFilled,
  ClockCircleFilled,
  FireFilled,
  FlagFilled,
  StarFilled,
  ThunderboltFilled,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Section } from './sections'

/** Each kind has its own shape and its own tone. */
export const KIND_LOOK: Record<Section['kind'], { icon: ReactNode; tone: 'late' | 'soon' | 'fresh' | 'calm' }> = {
  arrived: { icon: <ThunderboltFilled />, tone: 'fresh' },
  escalation: { icon: <AlertFilled />, tone: 'late' },
  overdue: { icon: <FireFilled />, tone: 'late' },
  due_soon: { icon: <ClockCircleFilled />, tone: 'soon' },
  new_lead: { icon: <StarFilled />, tone: 'fresh' },
  to_follow: { icon: <FlagFilled />, tone: 'calm' },
}
