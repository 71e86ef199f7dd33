import { admin } from './zh-CN/admin'
import { contracts } from './zh-CN/contracts'
import { customers } from './zh-CN/customers'
import { dashboard } from './zh-CN/dashboard'
import { documents } from './zh-CN/documents'
import { duplicates } from './zh-CN/duplicates'
import { exports } from './zh-CN/exports'
import { fieldProblems } from './zh-CN/fieldProblems'
import { identity } from './zh-CN/identity'
import { imports } from './zh-CN/imports'
import { leads } from './zh-CN/leads'
import { list } from './zh-CN/list'
import { mail } from './zh-CN/mail'
import { notifications } from './zh-CN/notifications'
import { operations } from './zh-CN/operations'
import { opportunities } from './zh-CN/opportunities'
import { pipelines } from './zh-CN/pipelines'
import { problems } from './zh-CN/problems'
import { shell } from './zh-CN/shell'
import { support } from './zh-CN/support'
import { timeline } from './zh-CN/timeline'
import { today } from './zh-CN/today'
import { webhooks } from './zh-CN/webhooks'

// The copy of the product, by feature. Chinese is written first; each file of en/ says what its twin says.
export const zhCN = {
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
