import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ChangeRequest } from '@/api/types'

/** Says what became of a saved form: in force at once, or with whom it waits. */
export function useAsked(): (request: ChangeRequest | null) => void {
  const { t } = useTranslation()
  const { message } = App.useApp()
  return (request) => {
    const approver = request?.approver?.name
    const waits = approver ? t('customer.asked', { name: approver }) : t('customer.askedNobody')
    void message.success(request ? waits : t('customer.saved'))
  }
}
