import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, authorizedFetch, read } from './client'
import { customerKeys } from './customers'
import { leadKeys } from './leads'
import { opportunityKeys } from './opportunities'
import { ApiProblem, networkProblem, problemOf } from './problem'
import { freshToken, renewed } from './session'
import type { DocumentKindFields, DocumentKindPatch, FileUpload } from './types'

/** The record that files hang on. */
export interface Subject {
  type: 'lead' | 'customer' | 'opportunity'
  id: string
}

const PAGE = 50
const KEYS = { lead: leadKeys, customer: customerKeys, opportunity: opportunityKeys }
export const documentKindKeys = { all: ['document-kinds'] as const }
const ifMatch = (version: number) => ({ 'If-Match': `"v${version}"` })
const once = (key: string) => ({ 'Idempotency-Key': key })

/** Beside its record: what makes the record old makes its files old. */
export const documentsQuery = ({ type, id }: Subject) =>
  infiniteQueryOptions({
    queryKey: [...KEYS[type].one(id), 'documents'],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/documents', {
          params: { query: { subject_type: type, subject_id: id, cursor: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const documentKindsQuery = queryOptions({
  queryKey: documentKindKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/document-kinds', { signal })),
  staleTime: 300_000,
})

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['documents', id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/documents/{document_id}', { params: { path: { document_id: id } }, signal })),
  })

/** Where a player or viewer gets the file; asked for anew before it ends. */
export const linkQuery = (version_id: string, disposition: 'inline' | 'attachment') =>
  queryOptions({
    queryKey: ['documents', 'link', version_id, disposition],
    queryFn: () =>
      read(
        api.POST('/api/v1/document-versions/{version_id}/links', {
          params: { path: { version_id }, query: { disposition } },
        }),
      ),
    staleTime: 600_000,
    gcTime: 600_000,
  })

export const thumbnailQuery = (version_id: string) =>
  queryOptions({
    queryKey: ['documents', 'thumbnail', version_id],
    queryFn: async ({ signal }) => {
      const path = `/api/v1/document-versions/${version_id}/thumbnail`
      const response = await authorizedFetch(new Request(new URL(path, globalThis.location.origin), { signal }))
      if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
      return URL.createObjectURL(await response.blob())
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

interface Sending {
  file: File
  kind: string
  onProgress: (share: number) => void
  signal: AbortSignal
}

/** Sends one file and tells how much of it has gone; `fetch` cannot tell that. */
export async function uploadFile(sending: Sending): Promise<FileUpload> {
  const token = await freshToken()
  try {
    return await send(sending, token)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
    return send(sending, await renewed(token))
  }
}

function send({ file, kind, onProgress, signal }: Sending, token: string | null): Promise<FileUpload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/uploads?${new URLSearchParams({ name: file.name, kind })}`)
    request.responseType = 'json'
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(networkProblem(new Error('upload')))
    request.onabort = () => reject(signal.reason)
    request.onload = () =>
      request.status === 201
        ? resolve(request.response as FileUpload)
        : reject(new ApiProblem(request.status, (request.response ?? {}) as object))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

interface Filing {
  upload_id: string
  kind: string
  note?: string
}

export const attachDocument = ({ type, id }: Subject, body: Filing, key: string) =>
  read(
    api.POST('/api/v1/documents', {
      params: { header: once(key) },
      body: { subject_type: type, subject_id: id, ...body },
    }),
  )

export const addDocumentVersion = (document_id: string, body: { upload_id: string; note?: string }, key: string) =>
  read(
    api.POST('/api/v1/documents/{document_id}/versions', {
      params: { path: { document_id }, header: once(key) },
      body,
    }),
  )

export const changeDocument = (document_id: string, body: { title: string; kind: string }, version: number) =>
  read(
    api.PATCH('/api/v1/documents/{document_id}', {
      params: { path: { document_id }, header: ifMatch(version) },
      body,
    }),
  )

export const withdrawDocument = (document_id: string, reason: string) =>
  read(api.POST('/api/v1/documents/{document_id}/withdrawal', { params: { path: { document_id } }, body: { reason } }))

export const createDocumentKind = (body: DocumentKindFields, key: string) =>
  read(api.POST('/api/v1/document-kinds', { params: { header: once(key) }, body }))

export const changeDocumentKind = (key: string, body: DocumentKindPatch, version: number) =>
  read(api.PATCH('/api/v1/document-kinds/{key}', { params: { path: { key }, header: ifMatch(version) }, body }))

export const orderDocumentKinds = (keys: string[]) => read(api.PUT('/api/v1/document-kind-order', { body: { keys } }))

/** Everything on screen that a file can make old: it meets conditions, and is an update of its record. */
export async function documentsChanged(client: QueryClient): Promise<void> {
  const old = [opportunityKeys.all, customerKeys.all, leadKeys.all, ['documents'], ['today']]
  await Promise.all(
    old.map((queryKey) =>
      client.invalidateQueries({
        queryKey,
        predicate: ({ queryKey: [, what] }) => what !== 'thumbnail' && what !== 'link',
      }),
    ),
  )
}
