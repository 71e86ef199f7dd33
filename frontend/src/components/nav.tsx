import {
  ApartmentOutlined,
  ApiOutlined,
  BankOutlined,
  BarChartOutlined,
  BellOutlined,
  BranchesOutlined,
  CalendarOutlined,
  ContactsOutlined,
  ExportOutlined,
  FieldTimeOutlined,
  FileDoneOutlined,
  FileTextOutlined,
  FormOutlined,
  FunnelPlotOutlined,
  ImportOutlined,
  InboxOutlined,
  IssuesCloseOutlined,
  MailOutlined,
  MessageOutlined,
  RollbackOutlined,
  SafetyOutlined,
  SendOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  ToolOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Me } from '@/api/types'
import { may, ownedScopesOf, scopesOf } from '@/lib/session'

export type NavCount = 'today' | 'unread' | 'quarantine' | 'tray'

export interface NavItem {
  to:
    | '/today'
    | '/leads'
    | '/board'
    | '/contracts'
    | '/dashboard'
    | '/customers'
    | '/support'
    | '/mail/tray'
    | '/notifications'
    | '/me'
    | '/imports'
    | '/exports'
    | '/admin/people'
    | '/admin/regions'
    | '/admin/deliveries'
    | '/admin/calendar'
    | '/admin/events'
    | '/admin/quarantine'
    | '/admin/forms'
    | '/admin/scripts'
    | '/admin/document-kinds'
    | '/admin/ladders'
    | '/admin/pool'
    | '/admin/channels'
    | '/admin/roles'
    | '/admin/pipelines'
  label:
    | 'today'
    | 'leads'
    | 'board'
    | 'contracts'
    | 'dashboard'
    | 'customers'
    | 'support'
    | 'tray'
    | 'notifications'
    | 'me'
    | 'imports'
    | 'exports'
    | 'people'
    | 'regions'
    | 'deliveries'
    | 'quarantine'
    | 'forms'
    | 'scripts'
    | 'documentKinds'
    | 'ladders'
    | 'pool'
    | 'calendar'
    | 'channels'
    | 'roles'
    | 'pipelines'
    | 'events'
  icon: ReactNode
  /** Main items are tabs on the phone; the others are reached from "me" there. */
  group: 'main' | 'tools' | 'admin'
  /** "phone": the side bar offers it by other means; "pc": the phone reaches it from "me", where its bar is full. */
  only?: 'phone' | 'pc'
  count?: NavCount
  isFor: (me: Me) => boolean
}

const everyone = (): boolean => true
const sells = (me: Me): boolean => may(me, 'opportunity.read') && ownedScopesOf(me).length > 0

/** Where a feature plugs in: one entry, shown on the phone and on the PC to whom it is for. */
const NAV: NavItem[] = [
  {
    to: '/today',
    label: 'today',
    icon: <ThunderboltOutlined aria-hidden />,
    group: 'main',
    count: 'today',
    isFor: everyone,
  },
  {
    to: '/leads',
    label: 'leads',
    icon: <ContactsOutlined aria-hidden />,
    group: 'main',
    isFor: (me) => scopesOf(me).length > 0,
  },
  { to: '/board', label: 'board', icon: <FunnelPlotOutlined aria-hidden />, group: 'main', isFor: sells },
  {
    to: '/contracts',
    label: 'contracts',
    icon: <FileDoneOutlined aria-hidden />,
    group: 'main',
    only: 'pc',
    isFor: sells,
  },
  {
    to: '/dashboard',
    label: 'dashboard',
    icon: <BarChartOutlined aria-hidden />,
    group: 'main',
    only: 'pc',
    isFor: sells,
  },
  {
    to: '/customers',
    label: 'customers',
    icon: <BankOutlined aria-hidden />,
    group: 'main',
    isFor: (me) => scopesOf(me).length > 0,
  },
  {
    to: '/support',
    label: 'support',
    icon: <ToolOutlined aria-hidden />,
    group: 'main',
    isFor: (me) => may(me, 'support.answer') && !sells(me),
  },
  { to: '/support', label: 'support', icon: <ToolOutlined aria-hidden />, group: 'main', only: 'pc', isFor: sells },
  {
    to: '/notifications',
    label: 'notifications',
    icon: <BellOutlined aria-hidden />,
    group: 'main',
    count: 'unread',
    isFor: everyone,
  },
  { to: '/me', label: 'me', icon: <UserOutlined aria-hidden />, group: 'main', only: 'phone', isFor: everyone },
  {
    to: '/mail/tray',
    label: 'tray',
    icon: <MailOutlined aria-hidden />,
    group: 'tools',
    count: 'tray',
    isFor: (me) => may(me, 'email.sort'),
  },
  {
    to: '/imports',
    label: 'imports',
    icon: <ImportOutlined aria-hidden />,
    group: 'tools',
    isFor: (me) => may(me, 'import.run'),
  },
  {
    to: '/exports',
    label: 'exports',
    icon: <ExportOutlined aria-hidden />,
    group: 'tools',
    isFor: (me) => may(me, 'export.run'),
  },
  {
    to: '/admin/quarantine',
    label: 'quarantine',
    icon: <InboxOutlined aria-hidden />,
    group: 'admin',
    count: 'quarantine',
    isFor: (me) => may(me, 'submissions.read'),
  },
  {
    to: '/admin/forms',
    label: 'forms',
    icon: <FormOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'forms.read'),
  },
  {
    to: '/admin/scripts',
    label: 'scripts',
    icon: <MessageOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'scripts.manage'),
  },
  {
    to: '/admin/document-kinds',
    label: 'documentKinds',
    icon: <FileTextOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'settings.manage'),
  },
  {
    to: '/admin/people',
    label: 'people',
    icon: <TeamOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'people.manage'),
  },
  {
    to: '/admin/regions',
    label: 'regions',
    icon: <ApartmentOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'regions.manage'),
  },
  {
    to: '/admin/roles',
    label: 'roles',
    icon: <SafetyOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'people.manage'),
  },
  {
    to: '/admin/pipelines',
    label: 'pipelines',
    icon: <BranchesOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'pipelines.manage'),
  },
  {
    to: '/admin/ladders',
    label: 'ladders',
    icon: <FieldTimeOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'settings.manage'),
  },
  {
    to: '/admin/pool',
    label: 'pool',
    icon: <RollbackOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'settings.manage'),
  },
  {
    to: '/admin/calendar',
    label: 'calendar',
    icon: <CalendarOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'settings.manage'),
  },
  {
    to: '/admin/channels',
    label: 'channels',
    icon: <ApiOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'channels.manage'),
  },
  {
    to: '/admin/deliveries',
    label: 'deliveries',
    icon: <SendOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'channels.read'),
  },
  {
    to: '/admin/events',
    label: 'events',
    icon: <IssuesCloseOutlined aria-hidden />,
    group: 'admin',
    isFor: (me) => may(me, 'events.manage'),
  },
]

const itemsFor = (me: Me, isPlaced: (item: NavItem) => boolean): NavItem[] =>
  NAV.filter((item) => item.isFor(me) && isPlaced(item))

/** The groups of the side bar on the PC. */
export const mainFor = (me: Me): NavItem[] => itemsFor(me, ({ group, only }) => group === 'main' && only !== 'phone')
export const sideToolsFor = (me: Me): NavItem[] => itemsFor(me, ({ group }) => group === 'tools')
export const adminFor = (me: Me): NavItem[] => itemsFor(me, ({ group }) => group === 'admin')

/** The bar of the phone, and under "me" whatever it has no room for. */
export const tabsFor = (me: Me): NavItem[] => itemsFor(me, ({ group, only }) => group === 'main' && only !== 'pc')
export const toolsFor = (me: Me): NavItem[] => itemsFor(me, ({ group, only }) => group !== 'main' || only === 'pc')
