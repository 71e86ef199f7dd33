/** What a timeline can be narrowed to; everything else is a change that the product noted by itself. */
export const GROUPS = {
  visit: ['visit'],
  call: ['call'],
  meeting: ['meeting'],
  message: ['message'],
  email: ['email', 'email.sent', 'email.received', 'email.failed', 'email.taken_out'],
  note: ['note'],
  support: [
    'support.asked',
    'support.answered',
    'support.accepted',
    'support.withdrawn',
    'support.missed',
    'support.handed_over',
  ],
  moves: [
    'opportunity.created',
    'opportunity.moved',
    'opportunity.changed',
    'lead.converted',
    'customer.changed',
    'change.approved',
  ],
} as const satisfies Record<string, readonly string[]>

export type Group = keyof typeof GROUPS
