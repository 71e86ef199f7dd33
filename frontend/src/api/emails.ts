import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, read } from './client'
import { customerKeys } from './customers'
import type { Subject } from './documents'
import { download, fetchFile } from './download'
import { leadKeys } from './leads'
import { opportunityKeys } from './opportunities'
import type { EmailCreate, EmailFile, TrayView } from './types'

const PAGE = 50
export const emailKeys = { all: ['emails'] as const, tray: ['emails', 'tray'] as const }
const path = (email_id: string) => ({ email_id })
const once = (key: string) => ({ 'Idempotency-Key': key })

/** The letters of a record and of what belongs on its page, the newest first. */
export const emailsQuery = ({ type, id }: Subject) =>
  infiniteQueryOptions({
    queryKey: [...emailKeys.all, 'of', type, id],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/emails', {
          params: { query: { subject_type: type, subject_id: id, cursor: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const emailThreadQuery = (thread_id: string) =>
  queryOptions({
    queryKey: [...emailKeys.all, 'thread', thread_id],
    queryFn: ({ signal }) =>
      read(api.GET('/api/v1/email-threads/{thread_id}', { params: { path: { thread_id } }, signal })),
  })

/** What e-mail can do here. */
export const mailingQuery = queryOptions({
  queryKey: [...emailKeys.all, 'mailing'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/mailing', { signal })),
})

/** What belongs to no record yet. */
export const trayQuery = (view: TrayView) =>
  infiniteQueryOptions({
    queryKey: [...emailKeys.tray, view],
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/email-tray', { params: { query: { view, cursor: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const trayCountQuery = queryOptions({
  queryKey: [...emailKeys.tray, 'count'],
  queryFn: ({ signal }) => read(api.GET('/api/v1/email-tray/summary', { signal })),
})

export const sendEmail = (body: EmailCreate, key: string) =>
  read(api.POST('/api/v1/emails', { params: { header: once(key) }, body }))

export const retryEmail = (id: string, key: string) =>
  read(api.POST('/api/v1/emails/{email_id}/retry', { params: { path: path(id), header: once(key) } }))

export const fileEmail = (id: string, { type, id: subject_id }: Subject) =>
  read(
    api.POST('/api/v1/emails/{email_id}/filing', {
      params: { path: path(id) },
      body: { subject_type: type, subject_id },
    }),
  )

export const discardEmail = (id: string, reason: string) =>
  read(api.POST('/api/v1/emails/{email_id}/discarding', { params: { path: path(id) }, body: { reason } }))

/** Back into the tray. */
export const restoreEmail = (id: string) =>
  read(api.POST('/api/v1/emails/{email_id}/restoring', { params: { path: path(id) } }))

const contentOf = (file_id: string): string => `/api/v1/email-files/${file_id}/content`

/** A file of a letter that is no document yet, to be looked at; its bytes never change, and are kept as long as they are looked at. */
export const emailFileQuery = (id: string) =>
  queryOptions({
    queryKey: ['email-file', id],
    queryFn: ({ signal }) => fetchFile(`${contentOf(id)}?disposition=inline`, signal).then((file) => file.blob()),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export const saveEmailFile = ({ id, name }: Pick<EmailFile, 'id' | 'name'>) => download(contentOf(id), name)

/** The letter as it travelled. */
export const saveEmail = (id: string) => download(`/api/v1/emails/${id}/source`, `${id}.eml`)

/** The drop-box address of a record, or without one of the person. */
export const dropboxQuery = (subject: Subject | null) =>
  queryOptions({
    queryKey: [...emailKeys.all, 'dropbox', subject?.type ?? 'me', subject?.id ?? ''],
    queryFn: ({ signal }) =>
      subject
        ? read(
            api.GET('/api/v1/email-address', {
              params: { query: { subject_type: subject.type, subject_id: subject.id } },
              signal,
            }),
          )
        : read(api.GET('/api/v1/me/email-address', { signal })),
  })

export const renewDropbox = (subject: Subject | null) =>
  subject
    ? read(api.POST('/api/v1/email-address', { body: { subject_type: subject.type, subject_id: subject.id } }))
    : read(api.POST('/api/v1/me/email-address'))

/** Everything on screen that a letter can make old: it is an update of its record, and its files are documents. */
export async function emailsChanged(client: QueryClient): Promise<void> {
  const old = [emailKeys.all, opportunityKeys.all, customerKeys.all, leadKeys.all, ['documents'], ['today']]
  await Promise.all(
    old.map((queryKey) =>
      client.invalidateQueries({
        queryKey,
        predicate: ({ queryKey: [, what] }) => what !== 'thumbnail' && what !== 'link',
      }),
    ),
  )
}
