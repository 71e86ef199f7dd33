import { useQuery } from '@tanstack/react-query'
import { opportunityCountQuery } from '@/api/opportunities'
import type { OwnedScope } from '@/api/types'
import { may, ownedScopesOf, useMe } from '@/lib/session'

interface Usual {
  scopes: OwnedScope[]
  /** None for whoever may read no deals, and while it is not known yet. */
  scope: OwnedScope | undefined
  isAsking: boolean
}

/** The lens that was asked for; else one's own deals, and for whoever has none the widest lens. */
export function useUsualScope(wanted: OwnedScope | undefined): Usual {
  const me = useMe()
  const scopes = may(me, 'opportunity.read') ? ownedScopesOf(me) : []
  const known = scopes.find((one) => one === wanted)
  const isOpen = known === undefined && scopes.length > 1 && scopes[0] === 'own'
  const own = useQuery({ ...opportunityCountQuery({ scope: 'own' }), enabled: isOpen })
  const usual = own.data?.count === 0 ? scopes.at(-1) : scopes[0]
  const isAsking = isOpen && own.isPending
  return { scopes, scope: known ?? (isAsking ? undefined : usual), isAsking }
}
