import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { leadKeys } from './leads'
import type { DuplicateCheck, MergeCreate } from './types'

export const checkQuery = (body: DuplicateCheck) =>
  queryOptions({
    queryKey: ['duplicates', body],
    queryFn: ({ signal }) => read(api.POST('/api/v1/duplicates/check', { body, signal })),
    staleTime: 10_000,
  })

const path = (lead_id: string) => ({ params: { path: { lead_id } } })

export const leadDuplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: [...leadKeys.one(id), 'duplicates'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/leads/{lead_id}/duplicates', { ...path(id), signal })),
  })

export const leadMergesQuery = (id: string) =>
  queryOptions({
    queryKey: [...leadKeys.one(id), 'merges'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/leads/{lead_id}/merges', { ...path(id), signal })),
  })

export const mergeLeads = (survivor: string, body: MergeCreate) =>
  read(api.POST('/api/v1/leads/{lead_id}/merges', { ...path(survivor), body }))

export const undoMerge = (lead_id: string, merge_id: string) =>
  read(api.POST('/api/v1/leads/{lead_id}/merges/{merge_id}/undo', { params: { path: { lead_id, merge_id } } }))
