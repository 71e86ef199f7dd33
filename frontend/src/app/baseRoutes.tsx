import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { ApiProblem } from '@/api/problem'
import { currentSession, refresh } from '@/api/session'
import { NotFoundScreen } from './screens'

/** Only paths of this app: an address from outside must not be where a sign-in leads. */
export function safeNext(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined
}

async function requireSession({ location }: { location: { href: string } }): Promise<void> {
  if (currentSession().status === 'unknown') await refresh()
  if (currentSession().status === 'signed_in') return
  // Whoever signed out on purpose is not led back: the next to sign in may be somebody else.
  const isDone = currentSession().endReason === 'signed_out' || location.href === '/'
  throw redirect({ to: '/sign-in', search: { next: isDone ? undefined : location.href } })
}

/** The session as it is; a path that leads nowhere needs none. */
export async function learnSession(): Promise<void> {
  if (currentSession().status === 'unknown') await refresh().catch(offlineIsFine)
}

export async function requireNoSession({ search }: { search: { next?: string | undefined } }): Promise<void> {
  await learnSession()
  if (currentSession().status === 'signed_in') throw redirect({ to: search.next ?? '/today', replace: true })
}

/** The form can be shown without the server. */
function offlineIsFine(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error
}

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundScreen })

/** Everything behind the sign-in. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('./layout/Shell'), 'Shell'),
})
