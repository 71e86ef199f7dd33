import type { ReactNode } from 'react'
import { Page } from '@/components/Page'
import { ForbiddenState } from '@/components/states'
import { may, useMe } from '@/lib/session'

/** The page for those who may; for others the reason why not. The server decides in any case. */
export function RequirePermission({
  permission,
  title,
  children,
}: {
  permission: string
  title: string
  children: ReactNode
}) {
  const me = useMe()
  if (may(me, permission)) return children
  return (
    <Page title={title}>
      <ForbiddenState />
    </Page>
  )
}
