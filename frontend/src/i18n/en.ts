import { admin } from './en/admin'
import { contracts } from './en/contracts'
import { customers } from './en/customers'
import { dashboard } from './en/dashboard'
import { documents } from './en/documents'
import { duplicates } from './en/duplicates'
import { exports } from './en/exports'
import { fieldProblems } from './en/fieldProblems'
import { identity } from './en/identity'
import { imports } from './en/imports'
import { leads } from './en/leads'
import { list } from './en/list'
import { mail } from './en/mail'
import { notifications } from './en/notifications'
import { operations } from './en/operations'
import { opportunities } from './en/opportunities'
import { pipelines } from './en/pipelines'
import { problems } from './en/problems'
import { shell } from './en/shell'
import { support } from './en/support'
import { timeline } from './en/timeline'
import { today } from './en/today'
import { webhooks } from './en/webhooks'

// Says what zh-CN says: the types find what is missing, a test what differs.
export const en = {
  ...shell,
  ...identity,
  ...list,
  ...today,
  ...leads,
  ...customers,
  ...opportunities,
  ...pipelines,
  ...contracts,
  ...documents,
  ...dashboard,
  ...duplicates,
  ...timeline,
  ...support,
  ...mail,
  ...notifications,
  ...imports,
  ...exports,
  ...webhooks,
  ...admin,
  ...operations,
  ...problems,
  ...fieldProblems,
} as const
