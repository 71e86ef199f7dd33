import type { TodayItem } from '@/api/types'

export interface ItemProps {
  item: TodayItem
  tone: 'late' | 'soon' | 'fresh' | 'calm'
}
