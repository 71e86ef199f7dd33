import 'i18next'
import type { zhCN } from './zh-CN'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    keySeparator: '.'
    nsSeparator: false
    resources: { translation: typeof zhCN }
  }
}
