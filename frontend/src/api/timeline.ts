import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import type { FollowUpCreate, NoteCreate } from './types'

/** The record that something is logged with. */
export interface LoggedWith {
  type: 'lead' | 'customer' | 'opportunity'
  id: string
}

const once = (key: string) => ({ 'Idempotency-Key': key })

/** How a pasted chat would be kept. */
export const chatPreviewQuery = (text: string) =>
  queryOptions({
    queryKey: ['chat-preview', text],
    queryFn: ({ signal }) => read(api.POST('/api/v1/chat-previews', { body: { text }, signal })),
    enabled: text.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })

export function logFollowUp({ type, id }: LoggedWith, body: FollowUpCreate, key: string) {
  const header = once(key)
  switch (type) {
    case 'lead':
      return read(api.POST('/api/v1/leads/{lead_id}/follow-ups', { params: { path: { lead_id: id }, header }, body }))
    case 'customer':
      return read(
        api.POST('/api/v1/customers/{customer_id}/follow-ups', { params: { path: { customer_id: id }, header }, body }),
      )
    case 'opportunity':
      return read(
        api.POST('/api/v1/opportunities/{opportunity_id}/follow-ups', {
          params: { path: { opportunity_id: id }, header },
          body,
        }),
      )
  }
}

export function logNote({ type, id }: LoggedWith, body: NoteCreate, key: string) {
  const header = once(key)
  switch (type) {
    case 'lead':
      return read(api.POST('/api/v1/leads/{lead_id}/notes', { params: { path: { lead_id: id }, header }, body }))
    case 'customer':
      return read(
        api.POST('/api/v1/customers/{customer_id}/notes', { params: { path: { customer_id: id }, header }, body }),
      )
    case 'opportunity':
      return read(
        api.POST('/api/v1/opportunities/{opportunity_id}/notes', {
          params: { path: { opportunity_id: id }, header },
          body,
        }),
      )
  }
}
