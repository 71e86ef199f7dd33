import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiProblem } from '@/api/problem'
import { currentSession, refresh } from '@/api/session'
import { parseSearch, stringifySearch } from '@/lib/address'
import { readBoardSearch } from '@/lib/boardSearch'
import { readCustomersSearch } from '@/lib/customerSearch'
import { readSearch } from '@/lib/leadSearch'
import { navFor } from './nav'
import { CrashScreen, NotFoundScreen, StartScreen } from './screens'

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
async function learnSession(): Promise<void> {
  if (currentSession().status === 'unknown') await refresh().catch(offlineIsFine)
}

async function requireNoSession({ search }: { search: { next?: string | undefined } }): Promise<void> {
  await learnSession()
  if (currentSession().status === 'signed_in') throw redirect({ to: search.next ?? '/today', replace: true })
}

/** The form can be shown without the server. */
function offlineIsFine(error: unknown): void {
  if (!(error instanceof ApiProblem)) throw error
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundScreen })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({ next: safeNext(search.next) }),
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('@/features/identity/SignInPage'), 'SignInPage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: requireSession,
  component: lazyRouteComponent(() => import('./layout/Shell'), 'Shell'),
})

const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today', replace: true })
  },
})

const today = createRoute({
  getParentRoute: () => shell,
  path: '/today',
  component: lazyRouteComponent(() => import('@/features/today/TodayPage'), 'TodayPage'),
})

const leads = createRoute({
  getParentRoute: () => shell,
  path: '/leads',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('@/features/leads/list/LeadsPage'), 'LeadsPage'),
})

const lead = createRoute({
  getParentRoute: () => shell,
  path: '/leads/$leadId',
  component: lazyRouteComponent(() => import('@/features/leads/LeadDetailPage'), 'LeadDetailPage'),
})

const board = createRoute({
  getParentRoute: () => shell,
  path: '/board',
  validateSearch: readBoardSearch,
  component: lazyRouteComponent(() => import('@/features/opportunities/BoardPage'), 'BoardPage'),
})

const opportunity = createRoute({
  getParentRoute: () => shell,
  path: '/opportunities/$opportunityId',
  component: lazyRouteComponent(() => import('@/features/opportunities/OpportunityPage'), 'OpportunityPage'),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: readCustomersSearch,
  component: lazyRouteComponent(() => import('@/features/customers/CustomersPage'), 'CustomersPage'),
})

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('@/features/customers/CustomerPage'), 'CustomerPage'),
})

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/change-requests',
  component: lazyRouteComponent(() => import('@/features/customers/RequestsPage'), 'RequestsPage'),
})

const request = createRoute({
  getParentRoute: () => shell,
  path: '/change-requests/$requestId',
  component: lazyRouteComponent(() => import('@/features/customers/RequestPage'), 'RequestPage'),
})

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  component: lazyRouteComponent(() => import('@/features/notifications/NotificationsPage'), 'NotificationsPage'),
})

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('@/features/identity/MePage'), 'MePage'),
})

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: () => {
    const { me } = currentSession()
    throw redirect({
      to: (me && navFor(me, 'admin').find(({ to }) => to.startsWith('/admin/'))?.to) ?? '/today',
      replace: true,
    })
  },
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  component: lazyRouteComponent(() => import('@/features/imports/ImportsPage'), 'ImportsPage'),
})

const importRun = createRoute({
  getParentRoute: () => shell,
  path: '/imports/$runId',
  component: lazyRouteComponent(() => import('@/features/imports/ImportPage'), 'ImportPage'),
})

const exportRuns = createRoute({
  getParentRoute: () => shell,
  path: '/exports',
  component: lazyRouteComponent(() => import('@/features/imports/ExportsPage'), 'ExportsPage'),
})

const people = createRoute({
  getParentRoute: () => shell,
  path: '/admin/people',
  component: lazyRouteComponent(() => import('@/features/admin/PeoplePage'), 'PeoplePage'),
})

const regions = createRoute({
  getParentRoute: () => shell,
  path: '/admin/regions',
  component: lazyRouteComponent(() => import('@/features/admin/RegionsPage'), 'RegionsPage'),
})

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/admin/deliveries',
  component: lazyRouteComponent(() => import('@/features/admin/DeliveriesPage'), 'DeliveriesPage'),
})

const deadEvents = createRoute({
  getParentRoute: () => shell,
  path: '/admin/events',
  component: lazyRouteComponent(() => import('@/features/admin/DeadEventsPage'), 'DeadEventsPage'),
})

const quarantine = createRoute({
  getParentRoute: () => shell,
  path: '/admin/quarantine',
  component: lazyRouteComponent(() => import('@/features/webhooks/QuarantinePage'), 'QuarantinePage'),
})

const forms = createRoute({
  getParentRoute: () => shell,
  path: '/admin/forms',
  component: lazyRouteComponent(() => import('@/features/webhooks/FormsPage'), 'FormsPage'),
})

const scripts = createRoute({
  getParentRoute: () => shell,
  path: '/admin/scripts',
  component: lazyRouteComponent(() => import('@/features/admin/ScriptsPage'), 'ScriptsPage'),
})

const ladders = createRoute({
  getParentRoute: () => shell,
  path: '/admin/ladders',
  component: lazyRouteComponent(() => import('@/features/admin/LaddersPage'), 'LaddersPage'),
})

const pool = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pool',
  component: lazyRouteComponent(() => import('@/features/admin/PoolRulesPage'), 'PoolRulesPage'),
})

const channels = createRoute({
  getParentRoute: () => shell,
  path: '/admin/channels',
  component: lazyRouteComponent(() => import('@/features/admin/ChannelsPage'), 'ChannelsPage'),
})

const roles = createRoute({
  getParentRoute: () => shell,
  path: '/admin/roles',
  component: lazyRouteComponent(() => import('@/features/admin/RolesPage'), 'RolesPage'),
})

const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/admin/calendar',
  component: lazyRouteComponent(() => import('@/features/admin/CalendarPage'), 'CalendarPage'),
})

const unknown = createRoute({
  getParentRoute: () => root,
  path: '$',
  beforeLoad: learnSession,
  component: lazyRouteComponent(() => import('./layout/UnknownPage'), 'UnknownPage'),
})

export const router = createRouter({
  parseSearch,
  stringifySearch,
  routeTree: root.addChildren([
    signIn,
    unknown,
    shell.addChildren([
      index,
      today,
      leads,
      lead,
      board,
      opportunity,
      customers,
      customer,
      requests,
      request,
      notifications,
      me,
      admin,
      imports,
      importRun,
      exportRuns,
      people,
      regions,
      deliveries,
      quarantine,
      forms,
      scripts,
      ladders,
      pool,
      channels,
      roles,
      calendar,
      deadEvents,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: StartScreen,
  defaultErrorComponent: CrashScreen,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
