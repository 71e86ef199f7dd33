import type { TFunction } from 'i18next'
import type { ContractCard } from '@/api/types'

/** How far the delivery has come, and what is next: 1/4 完成 · 下一节点 发货 2026-04-24. */
export function progressWords(
  t: TFunction,
  contract: Pick<ContractCard, 'state' | 'milestones' | 'milestones_done' | 'next_milestone' | 'next_due_on'>,
): string | null {
  if (contract.state === 'signing' || contract.state === 'void' || contract.milestones === 0) return null
  const done = t('contract.progress', { done: contract.milestones_done, all: contract.milestones })
  if (!contract.next_milestone || !contract.next_due_on) return done
  return `${done} · ${t('contract.next', { milestone: contract.next_milestone, day: contract.next_due_on })}`
}

/** What an entry of a timeline tells of a contract: which one, which milestone, until when. */
export function deliveryWords(t: TFunction, body: Record<string, unknown>): string | null {
  const { contract, title, due_on: due, done_on: done, signed_on: signed, completed_on: completed } = body
  if (typeof contract !== 'string') return null
  const day = (said: unknown, words: (day: string) => string): string | null =>
    typeof said === 'string' ? words(said) : null
  return [
    contract,
    typeof title === 'string' ? title : null,
    day(signed, (on) => t('contract.signedOn', { day: on })),
    day(completed, (on) => t('contract.doneOn', { day: on })),
    day(done, (on) => t('contract.doneOn', { day: on })) ?? day(due, (on) => t('contract.dueOn', { day: on })),
  ]
    .filter(Boolean)
    .join(' · ')
}
