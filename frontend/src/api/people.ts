import { queryOptions } from '@tanstack/react-query'
import { api, read } from './client'

export const peopleKeys = { all: ['people'] as const }
export const regionKeys = { all: ['regions'] as const }

/** People to choose from, by a few letters of the name or its pinyin. */
export const colleaguesQuery = (q: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, 'choice', q],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/people', { params: { query: { q: q || undefined, is_active: true, limit: 20 } }, signal })),
  })

export const regionsQuery = queryOptions({
  queryKey: regionKeys.all,
  queryFn: ({ signal }) => read(api.GET('/api/v1/regions', { signal })),
})

/** The name of somebody whom an address names by id. */
export const personNameQuery = (person_id: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, 'name', person_id],
    queryFn: async ({ signal }) =>
      (await read(api.GET('/api/v1/people/{person_id}', { params: { path: { person_id } }, signal }))).name,
    staleTime: 600_000,
  })
