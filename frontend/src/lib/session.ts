import { useSyncExternalStore } from 'react'
import { currentSession, type Session, subscribeSession } from '@/api/session'
import type { Me, OwnedScope, Scope } from '@/api/types'
import { OWNED_SCOPES } from './customerSearch'

export function useSession(): Session {
  return useSyncExternalStore(subscribeSession, currentSession)
}

/** The signed-in person; only for screens behind the sign-in. */
export function useMe(): Me {
  const { me } = useSession()
  if (!me) throw new Error('no session')
  return me
}

export const may = (me: Me, permission: string): boolean => me.permissions.includes(permission)

const SCOPES: Scope[] = ['own', 'region', 'company', 'pool']

export function scopesOf(me: Me): Scope[] {
  return SCOPES.filter((scope) => me.scopes.includes(scope))
}

export const ownedScopesOf = (me: Me): OwnedScope[] => OWNED_SCOPES.filter((scope) => me.scopes.includes(scope))

const SALES_ROLES = ['sales_rep', 'senior_consultant', 'regional_manager', 'area_director']

/** Whether leads can be this person's own. */
export const keepsLeads = (me: Me): boolean => me.roles.some((role) => SALES_ROLES.includes(role.code))
