import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { download } from './download'
import type { ExportCreate } from './types'

export const exportKeys = { all: ['exports'] as const }

export const exportsQuery = infiniteQueryOptions({
  queryKey: [...exportKeys.all, 'list'],
  queryFn: ({ pageParam, signal }) =>
    read(api.GET('/api/v1/exports', { params: { query: { cursor: pageParam, limit: 30 } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const exportPolicyQuery = queryOptions({
  queryKey: [...exportKeys.all, 'policy'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/export-policy', { signal })),
})

export const askForExport = (body: ExportCreate) => read(api.POST('/api/v1/exports', { body }))

export const setExportPolicy = (approval_above: number) =>
  read(api.PUT('/api/v1/export-policy', { body: { approval_above } }))

export const decideExport = (export_id: string, decision: 'approval' | 'rejection', comment: string) =>
  read(api.POST(`/api/v1/exports/{export_id}/${decision}`, { params: { path: { export_id } }, body: { comment } }))

export const takeExport = (id: string) => download(`/api/v1/exports/${id}/file`, 'export.xlsx')
