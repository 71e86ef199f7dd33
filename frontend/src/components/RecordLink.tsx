import { Link, linkOptions } from '@tanstack/react-router'
import type { MouseEventHandler, ReactNode } from 'react'
import type { Subject } from '@/api/duplicates'

/** Where the page of a lead or a customer is. */
export const recordLink = (subject: Subject, id: string) =>
  subject === 'lead'
    ? linkOptions({ to: '/leads/$leadId', params: { leadId: id } })
    : linkOptions({ to: '/customers/$customerId', params: { customerId: id } })

interface Props {
  subject: Subject
  id: string
  className?: string | undefined
  onClick?: MouseEventHandler<HTMLAnchorElement>
  children: ReactNode
}

/** To the page of a lead or a customer. */
export function RecordLink({ subject, id, children, ...look }: Props) {
  return (
    <Link {...recordLink(subject, id)} {...look}>
      {children}
    </Link>
  )
}
