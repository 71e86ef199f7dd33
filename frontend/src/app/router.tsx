import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { parseSearch, stringifySearch } from '@/lib/address'
import { readBoardSearch } from '@/lib/boardSearch'
import { readContractsSearch } from '@/lib/contractSearch'
import { readCustomersSearch } from '@/lib/customerSearch'
import { readDashboardSearch } from '@/lib/dashboardSearch'
import { readSearch } from '@/lib/leadSearch'
import { readOpportunitiesSearch } from '@/lib/opportunitySearch'
import { readStaysSearch } from '@/lib/staysSearch'
import { adminRoutes } from './adminRoutes'
import { learnSession, requireNoSession, root, safeNext, shell } from './baseRoutes'
import { CrashScreen, StartScreen } from './screens'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({ next: safeNext(search.next) }),
  beforeLoad: requireNoSession,
  component: lazyRouteComponent(() => import('@/features/identity/SignInPage'), 'SignInPage'),
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

const opportunities = createRoute({
  getParentRoute: () => shell,
  path: '/opportunities',
  validateSearch: readOpportunitiesSearch,
  component: lazyRouteComponent(() => import('@/features/opportunities/list/OpportunitiesPage'), 'OpportunitiesPage'),
})

const stays = createRoute({
  getParentRoute: () => shell,
  path: '/stays',
  validateSearch: readStaysSearch,
  component: lazyRouteComponent(() => import('@/features/opportunities/StaysPage'), 'StaysPage'),
})

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/dashboard',
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(() => import('@/features/dashboard/DashboardPage'), 'DashboardPage'),
})

const opportunity = createRoute({
  getParentRoute: () => shell,
  path: '/opportunities/$opportunityId',
  component: lazyRouteComponent(() => import('@/features/opportunities/OpportunityPage'), 'OpportunityPage'),
})

const contracts = createRoute({
  getParentRoute: () => shell,
  path: '/contracts',
  validateSearch: readContractsSearch,
  component: lazyRouteComponent(() => import('@/features/contracts/ContractsPage'), 'ContractsPage'),
})

const contract = createRoute({
  getParentRoute: () => shell,
  path: '/contracts/$contractId',
  component: lazyRouteComponent(() => import('@/features/contracts/ContractPage'), 'ContractPage'),
})

const support = createRoute({
  getParentRoute: () => shell,
  path: '/support',
  component: lazyRouteComponent(() => import('@/features/support/SupportPage'), 'SupportPage'),
})

const supportRequest = createRoute({
  getParentRoute: () => shell,
  path: '/support/$requestId',
  component: lazyRouteComponent(() => import('@/features/support/SupportRequestPage'), 'SupportRequestPage'),
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

const tray = createRoute({
  getParentRoute: () => shell,
  path: '/mail/tray',
  component: lazyRouteComponent(() => import('@/features/correspondence/TrayPage'), 'TrayPage'),
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
      opportunities,
      stays,
      dashboard,
      opportunity,
      contracts,
      contract,
      support,
      supportRequest,
      customers,
      customer,
      requests,
      request,
      tray,
      notifications,
      me,
      imports,
      importRun,
      exportRuns,
      ...adminRoutes,
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
