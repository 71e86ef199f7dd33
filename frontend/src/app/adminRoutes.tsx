import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { currentSession } from '@/api/session'
import { adminFor } from '@/components/nav'
import { shell } from './baseRoutes'

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: () => {
    const { me } = currentSession()
    throw redirect({
      to: (me && adminFor(me).find(({ to }) => to.startsWith('/admin/'))?.to) ?? '/today',
      replace: true,
    })
  },
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

const documentKinds = createRoute({
  getParentRoute: () => shell,
  path: '/admin/document-kinds',
  component: lazyRouteComponent(() => import('@/features/admin/DocumentKindsPage'), 'DocumentKindsPage'),
})

const scripts = createRoute({
  getParentRoute: () => shell,
  path: '/admin/scripts',
  component: lazyRouteComponent(() => import('@/features/admin/ScriptsPage'), 'ScriptsPage'),
})

const pipelines = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pipelines',
  component: lazyRouteComponent(() => import('@/features/pipelines/PipelinesPage'), 'PipelinesPage'),
})

const pipeline = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pipelines/$pipelineId',
  component: lazyRouteComponent(() => import('@/features/pipelines/PipelinePage'), 'PipelinePage'),
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

/** 管理: what is changed without code, and what runs behind the screens. */
export const adminRoutes = [
  admin,
  people,
  regions,
  deliveries,
  deadEvents,
  quarantine,
  forms,
  scripts,
  documentKinds,
  pipelines,
  pipeline,
  ladders,
  pool,
  channels,
  roles,
  calendar,
] as const
