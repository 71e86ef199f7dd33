import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, read, readVersioned } from '@/api/client'
import { peopleKeys } from '@/api/people'
import type { Area, CalendarDayIn, DeliveryState, LeaveIn, PersonCreate, PersonPatch, WorkingWindow } from '@/api/types'
import { monthSpan } from './calendarMonth'

export const deliveryKeys = { all: ['deliveries'] as const }
export const calendarKeys = { all: ['calendar'] as const }
export const deadEventKeys = { all: ['dead-events'] as const }

const path = (person_id: string) => ({ person_id })

export interface PeopleFilter {
  q: string
  regionId?: string | undefined
  withInactive: boolean
}

export const peopleQuery = ({ q, regionId, withInactive }: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: [...peopleKeys.all, 'list', q, regionId ?? null, withInactive],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/people', {
          params: {
            query: {
              q: q || undefined,
              region_id: regionId,
              is_active: withInactive ? undefined : true,
              cursor: pageParam,
              limit: 50,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, 'one', id],
    queryFn: ({ signal }) =>
      readVersioned(api.GET('/api/v1/people/{person_id}', { params: { path: path(id) }, signal })),
    staleTime: 0,
  })

export const leavesQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, 'one', id, 'leaves'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/people/{person_id}/leaves', { params: { path: path(id) }, signal })),
  })

export const deputiesQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, 'one', id, 'deputies'],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/people/{person_id}/deputies', { params: { path: path(id) }, signal })),
  })

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/roles', { signal })),
  staleTime: 600_000,
})

export const createPerson = (body: PersonCreate, key: string) =>
  read(api.POST('/api/v1/people', { params: { header: { 'Idempotency-Key': key } }, body }))

export const changePerson = (id: string, body: PersonPatch, etag: string) =>
  read(api.PATCH('/api/v1/people/{person_id}', { params: { path: path(id), header: { 'If-Match': etag } }, body }))

export const deactivatePerson = (id: string) =>
  read(api.POST('/api/v1/people/{person_id}/deactivation', { params: { path: path(id) } }))

export const addLeave = (id: string, body: LeaveIn, key: string) =>
  read(
    api.POST('/api/v1/people/{person_id}/leaves', {
      params: { path: path(id), header: { 'Idempotency-Key': key } },
      body,
    }),
  )

export const cancelLeave = (leave_id: string) =>
  read(api.POST('/api/v1/leaves/{leave_id}/cancellation', { params: { path: { leave_id } } }))

export const setDeputies = (id: string, body: { role_code: string; deputy_id: string | null }[]) =>
  read(api.PUT('/api/v1/people/{person_id}/deputies', { params: { path: path(id) }, body }))

export interface RegionFields {
  name: string
  code: string
  parent_id: string | null
}

export const createRegion = (body: RegionFields, key: string) =>
  read(api.POST('/api/v1/regions', { params: { header: { 'Idempotency-Key': key } }, body }))

export const changeRegion = (region_id: string, body: { name: string; parent_id: string | null }, version: number) =>
  read(
    api.PATCH('/api/v1/regions/{region_id}', {
      params: { path: { region_id }, header: { 'If-Match': `"v${version}"` } },
      body,
    }),
  )

export const setAreas = (region_id: string, areas: Area[]) =>
  read(api.PUT('/api/v1/regions/{region_id}/areas', { params: { path: { region_id } }, body: { areas } }))

export const deliveriesQuery = (state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...deliveryKeys.all, state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/deliveries', { params: { query: { state, cursor: pageParam, limit: 30 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/channels', { signal })),
})

export const replayDelivery = (delivery_id: string) =>
  read(api.POST('/api/v1/deliveries/{delivery_id}/replay', { params: { path: { delivery_id } } }))

export const deadEventsQuery = infiniteQueryOptions({
  queryKey: deadEventKeys.all,
  queryFn: ({ pageParam, signal }) =>
    read(api.GET('/api/v1/dead-events', { params: { query: { cursor: pageParam, limit: 30 } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const replayDeadEvent = (event_id: number) =>
  read(api.POST('/api/v1/dead-events/{event_id}/replay', { params: { path: { event_id } } }))

export const replayDeadEvents = () => read(api.POST('/api/v1/dead-events/replay-all'))

export const calendarQuery = (month: string) =>
  queryOptions({
    queryKey: [...calendarKeys.all, 'days', month],
    queryFn: ({ signal }) => read(api.GET('/api/v1/calendar/days', { params: { query: monthSpan(month) }, signal })),
  })

export const calendarWarningsQuery = queryOptions({
  queryKey: [...calendarKeys.all, 'warnings'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/calendar/warnings', { signal })),
})

export const saveCalendarDays = (items: CalendarDayIn[]) => read(api.PUT('/api/v1/calendar/days', { body: { items } }))

export const withdrawCalendarDays = (dates: string[]) =>
  read(api.POST('/api/v1/calendar/days/withdrawal', { body: { dates } }))

export const workingHoursQuery = queryOptions({
  queryKey: [...calendarKeys.all, 'hours'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/calendar/windows', { signal })),
})

export const saveWorkingHours = (items: WorkingWindow[]) =>
  read(api.PUT('/api/v1/calendar/windows', { body: { items } }))

export const confirmedYearsQuery = queryOptions({
  queryKey: [...calendarKeys.all, 'years'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/calendar/years', { signal })),
})

export const confirmCalendarYear = ({ year, is_confirmed }: { year: number; is_confirmed: boolean }) =>
  read(api.PUT('/api/v1/calendar/years/{year}', { params: { path: { year } }, body: { is_confirmed } }))
