import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import type { ViewCreate, ViewPatch } from './types'

export const viewKeys = { all: ['views'] as const }

export const viewsQuery = (subject: string) =>
  queryOptions({
    queryKey: [...viewKeys.all, subject],
    queryFn: ({ signal }) => read(api.GET('/api/v1/views', { params: { query: { subject } }, signal })),
    staleTime: 60_000,
  })

/** What is written as its page closes still arrives. */
const keepalive = true

export const createView = (body: ViewCreate) => read(api.POST('/api/v1/views', { body, keepalive }))

export const changeView = (view_id: string, version: number, body: ViewPatch) =>
  read(
    api.PATCH('/api/v1/views/{view_id}', {
      params: { path: { view_id }, header: { 'If-Match': `"v${version}"` } },
      body,
      keepalive,
    }),
  )

export const removeView = (view_id: string) =>
  read(api.POST('/api/v1/views/{view_id}/removal', { params: { path: { view_id } } }))
