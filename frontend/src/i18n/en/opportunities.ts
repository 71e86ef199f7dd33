import type { English } from '../english'
import type { opportunities as chinese } from '../zh-CN/opportunities'

export const opportunities = {
  opportunity: {
    moves: {
      created: 'opened',
      forward: 'forward',
      skip: 'skipped ahead',
      back: 'sent back',
      won: 'won',
      lost: 'lost',
      reopened: 'reopened',
    },
    losses: {
      price: 'Price',
      delivery_time: 'Delivery time',
      technical: 'Technically not feasible',
      competitor: 'Chose a competitor',
      no_budget: 'No budget',
      no_answer: 'Cannot be reached',
      cancelled: 'Project cancelled',
      other: 'Other',
    },
  },
} as const satisfies English<typeof chinese>
