import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { opportunityChanged } from './opportunities'
import type { paths } from './schema'
import type { ContractPatch, MilestonePatch, Signature } from './types'

export const contractKeys = { all: ['contracts'] as const, one: (id: string) => ['contracts', 'one', id] as const }

export type ContractQuery = NonNullable<paths['/api/v1/contracts']['get']['parameters']['query']>

const PAGE = 30
const to = (contract_id: string, version: number) => ({
  path: { contract_id },
  header: { 'If-Match': `"v${version}"` },
})

export const contractsQuery = (query: ContractQuery) =>
  infiniteQueryOptions({
    queryKey: [...contractKeys.all, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/contracts', { params: { query: { ...query, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const contractQuery = (id: string) =>
  queryOptions({
    queryKey: contractKeys.one(id),
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/contracts/{contract_id}', { params: { path: { contract_id: id } }, signal })),
  })

export const opportunityContractQuery = (opportunity_id: string) =>
  queryOptions({
    queryKey: [...contractKeys.all, 'of', opportunity_id],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/v1/opportunities/{opportunity_id}/contract', { params: { path: { opportunity_id } }, signal }),
      ),
  })

export const customerContractsQuery = (customer_id: string) =>
  queryOptions({
    queryKey: [...contractKeys.all, 'of', customer_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/customers/{customer_id}/contracts', { params: { path: { customer_id } }, signal })),
  })

export const changeContract = (id: string, body: ContractPatch, version: number) =>
  read(api.PATCH('/api/v1/contracts/{contract_id}', { params: to(id, version), body }))

export const signContract = (id: string, body: Signature, version: number) =>
  read(api.POST('/api/v1/contracts/{contract_id}/signature', { params: to(id, version), body }))

export const addMilestone = (id: string, body: { title: string; due_on: string }, version: number) =>
  read(api.POST('/api/v1/contracts/{contract_id}/milestones', { params: to(id, version), body }))

export const changeMilestone = (id: string, milestone_id: string, body: MilestonePatch, version: number) => {
  const { path, header } = to(id, version)
  return read(
    api.PATCH('/api/v1/contracts/{contract_id}/milestones/{milestone_id}', {
      params: { path: { ...path, milestone_id }, header },
      body,
    }),
  )
}

export const completeContract = (id: string, completed_on: string, version: number) =>
  read(api.POST('/api/v1/contracts/{contract_id}/completion', { params: to(id, version), body: { completed_on } }))

/** Everything on screen that a change of a contract can make old. */
export async function contractChanged(client: QueryClient): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: contractKeys.all }), opportunityChanged(client)])
}
