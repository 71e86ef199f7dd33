import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Subject } from '@/api/duplicates'

interface Props {
  subject: Subject
  id: string
  children: ReactNode
}

/** To the page of a lead or a customer. */
export function RecordLink({ subject, id, children }: Props) {
  return subject === 'lead' ? (
    <Link to="/leads/$leadId" params={{ leadId: id }}>
      {children}
    </Link>
  ) : (
    <Link to="/customers/$customerId" params={{ customerId: id }}>
      {children}
    </Link>
  )
}
