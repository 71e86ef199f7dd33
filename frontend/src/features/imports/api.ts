import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, read } from '@/api/client'
import { download } from '@/api/download'
import type { ImportSettings } from '@/api/types'

export const importKeys = {
  all: ['imports'] as const,
  one: (id: string) => ['imports', 'one', id] as const,
  mappings: (target: string) => ['imports', 'mappings', target] as const,
}

/** The registers that a file can fill. */
export type Register = 'leads' | 'customers' | 'products'

const path = (run_id: string) => ({ params: { path: { run_id } } })

export const importsQuery = infiniteQueryOptions({
  queryKey: [...importKeys.all, 'list'],
  queryFn: ({ pageParam, signal }) =>
    read(api.GET('/api/v1/imports', { params: { query: { cursor: pageParam, limit: 20 } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: importKeys.one(id),
    queryFn: ({ signal }) => read(api.GET('/api/v1/imports/{run_id}', { ...path(id), signal })),
    staleTime: 0,
  })

export type RowKind = 'all' | 'ready' | 'problem' | 'duplicate' | 'created' | 'joined' | 'updated' | 'kept'

/** `state` is part of the key: a run in another state has other rows. */
export const importRowsQuery = (id: string, kind: RowKind, state: string) =>
  infiniteQueryOptions({
    queryKey: ['import-rows', id, state, kind],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/imports/{run_id}/rows', {
          params: { path: { run_id: id }, query: { kind, cursor: pageParam, limit: 30 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const targetsQuery = queryOptions({
  queryKey: ['import-targets'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/import-targets', { signal })),
  staleTime: 600_000,
})

export const mappingsQuery = (target: string) =>
  queryOptions({
    queryKey: importKeys.mappings(target),
    queryFn: ({ signal }) => read(api.GET('/api/v1/import-mappings', { params: { query: { target } }, signal })),
  })

/** The file as the body; what it is, is told from its bytes. */
export const uploadImport = ({ file, target }: { file: File; target: Register }) =>
  read(
    api.POST('/api/v1/imports', {
      params: { query: { target, name: file.name.slice(-100) } },
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
  )

export const setSettings = (id: string, body: ImportSettings) =>
  read(api.PUT('/api/v1/imports/{run_id}/settings', { ...path(id), body }))

export type PlainStep = 'start' | 'stop' | 'resume' | 'discard'

export const takeStep = (id: string, step: PlainStep) => read(api.POST(`/api/v1/imports/{run_id}/${step}`, path(id)))

export const undoImport = (id: string, reason: string) =>
  read(api.POST('/api/v1/imports/{run_id}/undo', { ...path(id), body: { reason } }))

export const saveMapping = ({ id, target }: { id: string; target: string }, name: string, is_shared: boolean) =>
  read(api.POST('/api/v1/import-mappings', { body: { target, name, run_id: id, is_shared } }))

export const takeTemplate = (target: Register) => download(`/api/v1/import-targets/${target}/template`, 'template.xlsx')

export const takeProblems = (id: string) => download(`/api/v1/imports/${id}/problems`, 'problems.xlsx')
