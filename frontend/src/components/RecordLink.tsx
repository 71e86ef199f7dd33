import { Link, linkOptions } from '@tanstack/react-router'
import type { MouseEventHandler, ReactNode } from 'react'
import type { ViewSubject } from '@/api/types'

/** Where the page of a record is. */
export const recordLink = (subject: ViewSubject, id: string) => {
  if (subject === 'lead') return linkOptions({ to: '/leads/$leadId', params: { leadId: id } })
  if (subject === 'customer') return linkOptions({ to: '/customers/$customerId', params: { customerId: id } })
  return linkOptions({ to: '/opportunities/$opportunityId', params: { opportunityId: id } })
}

interface Props {
  subject: ViewSubject
  id: string
  className?: string | undefined
  onClick?: MouseEventHandler<HTMLAnchorElement>
  children: ReactNode
}

/** To the page of a record. */
export function RecordLink({ subject, id, children, ...look }: Props) {
  return (
    <Link {...recordLink(subject, id)} {...look}>
      {children}
    </Link>
  )
}
