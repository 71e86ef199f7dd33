import type { TFunction } from 'i18next'
import type { ImportCard, ImportState } from '@/api/types'

export const WORKING: readonly ImportState[] = ['reading', 'checking', 'running', 'undoing']

/** What came of a run so far, in one line; empty while nothing has. */
export function outcomeLine(t: TFunction, { counts, state }: Pick<ImportCard, 'counts' | 'state'>): string {
  const parts = [
    counts.created > 0 && t('imports.count.created', { count: counts.created }),
    counts.updated > 0 && t('imports.count.updated', { count: counts.updated }),
    state === 'undone' && t('imports.count.undone', { count: counts.undone }),
    counts.duplicates > 0 && t('imports.count.duplicates', { count: counts.duplicates }),
    counts.problems > 0 && t('imports.count.problems', { count: counts.problems }),
  ]
  return parts.filter(Boolean).join(' · ')
}

/** How far the present phase is, in whole percent; null where the total is not known yet. */
export function percentOf({ counts, state }: Pick<ImportCard, 'counts' | 'state'>): number | null {
  if (state === 'reading' || counts.total === 0) return null
  const total = state === 'undoing' ? counts.created : counts.total
  return total === 0 ? 0 : Math.min(100, Math.floor((counts.done / total) * 100))
}
