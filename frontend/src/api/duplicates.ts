import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { customerChanged, customerKeys } from './customers'
import { leadChanged, leadKeys } from './leads'
import type { DuplicateCheck, DuplicateHit, MergeCreate } from './types'

export type Subject = DuplicateHit['subject_type']

export const checkQuery = (body: DuplicateCheck) =>
  queryOptions({
    queryKey: ['duplicates', body],
    queryFn: ({ signal }) => read(api.POST('/api/v1/duplicates/check', { body, signal })),
    staleTime: 10_000,
  })

const lead = (lead_id: string) => ({ params: { path: { lead_id } } })
const customer = (customer_id: string) => ({ params: { path: { customer_id } } })
const keys = { lead: leadKeys, customer: customerKeys }

export const duplicatesQuery = (subject: Subject, id: string) =>
  queryOptions({
    queryKey: [...keys[subject].one(id), 'duplicates'],
    queryFn: ({ signal }) =>
      subject === 'lead'
        ? read(api.GET('/api/v1/leads/{lead_id}/duplicates', { ...lead(id), signal }))
        : read(api.GET('/api/v1/customers/{customer_id}/duplicates', { ...customer(id), signal })),
  })

export const mergesQuery = (subject: Subject, id: string) =>
  queryOptions({
    queryKey: [...keys[subject].one(id), 'merges'],
    queryFn: ({ signal }) =>
      subject === 'lead'
        ? read(api.GET('/api/v1/leads/{lead_id}/merges', { ...lead(id), signal }))
        : read(api.GET('/api/v1/customers/{customer_id}/merges', { ...customer(id), signal })),
  })

export const mergeInto = async (subject: Subject, survivor: string, body: MergeCreate): Promise<void> => {
  if (subject === 'lead') await read(api.POST('/api/v1/leads/{lead_id}/merges', { ...lead(survivor), body }))
  else await read(api.POST('/api/v1/customers/{customer_id}/merges', { ...customer(survivor), body }))
}

export const undoMerge = async (subject: Subject, id: string, merge_id: string): Promise<void> => {
  const [ofLead, ofCustomer] = [
    { lead_id: id, merge_id },
    { customer_id: id, merge_id },
  ]
  if (subject === 'lead')
    await read(api.POST('/api/v1/leads/{lead_id}/merges/{merge_id}/undo', { params: { path: ofLead } }))
  else await read(api.POST('/api/v1/customers/{customer_id}/merges/{merge_id}/undo', { params: { path: ofCustomer } }))
}

/** Everything on screen that a merge of such records can make old: a customer's leads go with it. */
export const mergedRecords = async (subject: Subject, client: QueryClient): Promise<void> => {
  await Promise.all([leadChanged(client), subject === 'customer' && customerChanged(client)])
}
