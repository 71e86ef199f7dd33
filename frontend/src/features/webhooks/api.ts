import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, read, readVersioned } from '@/api/client'
import { submissionKeys } from '@/api/submissions'
import type { FormCreate, FormPatch, SecretKind, SubmissionState } from '@/api/types'

export const formKeys = { all: ['forms'] as const }

const path = (form_id: string) => ({ form_id })
const ofSubmission = (submission_id: string) => ({ submission_id })

export const submissionsQuery = (state: SubmissionState) =>
  infiniteQueryOptions({
    queryKey: [...submissionKeys.all, 'list', state],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/submissions', { params: { query: { state, cursor: pageParam, limit: 20 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const recentOfFormQuery = (form_id: string) =>
  queryOptions({
    queryKey: [...submissionKeys.all, 'of', form_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/submissions', { params: { query: { form_id, limit: 20 } }, signal })),
  })

export type Corrections = Record<string, string>

/** The lead that a replay would make; nothing is stored. */
export const previewQuery = (submission_id: string, corrections: Corrections) =>
  queryOptions({
    queryKey: [...submissionKeys.all, 'preview', submission_id, corrections],
    queryFn: ({ signal }) =>
      read(
        api.POST('/api/v1/submissions/{submission_id}/preview', {
          params: { path: ofSubmission(submission_id) },
          body: { corrections },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })

export const replaySubmission = (submission_id: string, corrections: Corrections) =>
  read(
    api.POST('/api/v1/submissions/{submission_id}/replay', {
      params: { path: ofSubmission(submission_id) },
      body: { corrections },
    }),
  )

export const dismissSubmission = (submission_id: string, reason: string) =>
  read(
    api.POST('/api/v1/submissions/{submission_id}/dismissal', {
      params: { path: ofSubmission(submission_id) },
      body: { reason },
    }),
  )

export const formsQuery = queryOptions({
  queryKey: formKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/forms', { signal })),
})

export const formQuery = (id: string) =>
  queryOptions({
    queryKey: [...formKeys.all, id],
    queryFn: ({ signal }) => readVersioned(api.GET('/api/v1/forms/{form_id}', { params: { path: path(id) }, signal })),
    staleTime: 0,
  })

export const mappingsQuery = (id: string) =>
  queryOptions({
    queryKey: [...formKeys.all, id, 'mappings'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/forms/{form_id}/mappings', { params: { path: path(id) }, signal })),
  })

export const secretsQuery = (id: string) =>
  queryOptions({
    queryKey: [...formKeys.all, id, 'secrets'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/forms/{form_id}/secrets', { params: { path: path(id) }, signal })),
  })

export interface Trial {
  mapping: Record<string, unknown>
  payload: string
  token_member: string
}

/** The lead that a payload would become by a mapping that nobody has saved. */
export const trialQuery = (trial: Trial) =>
  queryOptions({
    queryKey: [...formKeys.all, 'trial', trial],
    queryFn: ({ signal }) =>
      read(api.POST('/api/v1/form-dry-runs', { body: { ...trial, content_type: contentType(trial.payload) }, signal })),
    enabled: trial.payload.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
  })

/** JSON begins with a brace or bracket; anything else is taken for the body of a form. */
export const contentType = (payload: string): string =>
  /^\s*[[{]/.test(payload) ? 'application/json' : 'application/x-www-form-urlencoded'

export const createForm = (body: FormCreate, key: string) =>
  read(api.POST('/api/v1/forms', { params: { header: { 'Idempotency-Key': key } }, body }))

export const changeForm = (id: string, body: FormPatch, version: number) =>
  read(
    api.PATCH('/api/v1/forms/{form_id}', { params: { path: path(id), header: { 'If-Match': `"v${version}"` } }, body }),
  )

export const rotateSecret = (id: string, kind: SecretKind, overlap_hours: number) =>
  read(api.POST('/api/v1/forms/{form_id}/secrets', { params: { path: path(id) }, body: { kind, overlap_hours } }))

export const endSecret = (form_id: string, secret_id: string) =>
  read(api.POST('/api/v1/forms/{form_id}/secrets/{secret_id}/end', { params: { path: { form_id, secret_id } } }))
