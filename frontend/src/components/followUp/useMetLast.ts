import { useInfiniteQuery } from '@tanstack/react-query'
import { customerTimelineQuery } from '@/api/customers'
import { fieldsOf } from './followUpFields'

const NOBODY: string[] = []

/** The contacts of the latest visit to a customer or meeting with it. */
export function useMetLast(customerId: string | undefined): string[] {
  const met = useInfiniteQuery({
    ...customerTimelineQuery(customerId ?? '', ['visit', 'meeting']),
    enabled: customerId !== undefined,
  })
  const entries = met.data?.pages[0]?.items ?? []
  return entries.map((entry) => fieldsOf(entry).people?.contacts ?? []).find((ids) => ids.length > 0) ?? NOBODY
}
