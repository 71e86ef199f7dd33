import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from '@/api/client'
import { opportunityKeys } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import type { PipelineDocument } from './document'

export const pipelineKeys = {
  all: ['pipelines'] as const,
  one: (id: string) => ['pipelines', id] as const,
}

const path = (pipeline_id: string) => ({ pipeline_id })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...pipelineKeys.one(id), 'versions'],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/pipelines/{pipeline_id}/versions', { params: { path: path(id) }, signal })),
  })

/** A version as it was saved: it never changes. */
export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: [...pipelineKeys.one(id), 'versions', number],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/v1/pipelines/{pipeline_id}/versions/{number}', {
          params: { path: { ...path(id), number } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: number > 0,
  })

/** What a pipeline that nobody has saved would mean for the deals that are open now. */
export const trialQuery = (id: string, wanted: PipelineDocument, scope: OwnedScope) =>
  queryOptions({
    queryKey: [...pipelineKeys.one(id), 'trial', scope, wanted],
    queryFn: ({ signal }) =>
      read(
        api.POST('/api/v1/pipelines/{pipeline_id}/dry-run', {
          params: { path: path(id), query: { scope } },
          body: { ...wanted, note: '' },
          signal,
        }),
      ),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })

export const createPipeline = (body: PipelineDocument) =>
  read(api.POST('/api/v1/pipelines', { body: { ...body, note: '' } }))

export const changePipeline = (id: string, body: PipelineDocument, note: string, version: number) =>
  read(
    api.PUT('/api/v1/pipelines/{pipeline_id}', {
      params: { path: path(id), header: { 'If-Match': `"v${version}"` } },
      body: { ...body, note },
    }),
  )

export const makeDefault = (id: string) =>
  read(api.PUT('/api/v1/pipelines/{pipeline_id}/default', { params: { path: path(id) } }))

export const setUse = (id: string, is_active: boolean) =>
  read(api.PUT('/api/v1/pipelines/{pipeline_id}/use', { params: { path: path(id) }, body: { is_active } }))

/** Everything on screen that a change of a pipeline can make old. */
export async function pipelineChanged(client: QueryClient): Promise<void> {
  const old = [pipelineKeys.all, opportunityKeys.all]
  await Promise.all(old.map((queryKey) => client.invalidateQueries({ queryKey })))
}
