import { useSession } from '@/lib/session'
import { NotFound, NotFoundScreen } from '../screens'
import { Shell } from './Shell'

/** A path that leads nowhere: whoever is signed in keeps the navigation. */
export function UnknownPage() {
  const { status } = useSession()
  if (status !== 'signed_in') return <NotFoundScreen />
  return (
    <Shell>
      <NotFound />
    </Shell>
  )
}
