import { CloseOutlined, InboxOutlined, SwapOutlined, TeamOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeCustomers, customerChanged } from '@/api/customers'
import type { BulkResult, CustomerCard, CustomersChange } from '@/api/types'
import styles from '@/components/list/BulkBar.module.css'
import { BulkResultSheet } from '@/components/list/BulkResultSheet'
import { sayProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { may, useMe } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import { CustomerBulkSheet } from './CustomerBulkSheet'

interface Props {
  customers: CustomerCard[]
  onDone: () => void
}

const ICONS = { assign_owner: SwapOutlined, assign_backup: TeamOutlined, archive: InboxOutlined } as const
const PERMISSIONS = {
  assign_owner: 'customer.change',
  assign_backup: 'customer.change',
  archive: 'customer.archive',
} as const

/** What can be done with all that is chosen; another owner or backup waits for the superior of each. */
export function CustomerBulkBar({ customers, onDone }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const [action, setAction] = useState<CustomersChange['action'] | null>(null)
  const [result, setResult] = useState<BulkResult | null>(null)
  const ids = customers.map((customer) => customer.id)
  const change = useMutation({
    mutationFn: (body: CustomersChange) => changeCustomers(body, newKey()),
    onSuccess: async (answer, body) => {
      noteUse(`customers.bulk_${body.action}`)
      setAction(null)
      if (answer.refused > 0) setResult(answer)
      else {
        void message.success(t(`customer.bulk.done.${body.action}`, { count: answer.done }))
        onDone()
      }
      await customerChanged(client)
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const actions = (['assign_owner', 'assign_backup', 'archive'] as const).filter((one) => may(me, PERMISSIONS[one]))
  return (
    <section className={styles.bar} aria-label={t('bulk.title')}>
      <strong role="status">{t('bulk.chosen', { count: customers.length })}</strong>
      {actions.map((one) => {
        const Icon = ICONS[one]
        return (
          <Button key={one} icon={<Icon aria-hidden />} onClick={() => setAction(one)}>
            {t(`customer.bulk.${one}`)}
          </Button>
        )
      })}
      <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('bulk.clear')} onClick={onDone} />
      <CustomerBulkSheet
        action={action}
        count={ids.length}
        isSaving={change.isPending}
        onClose={() => setAction(null)}
        onSubmit={(fields) => change.mutate({ ...fields, ids })}
      />
      <BulkResultSheet
        result={result}
        name={(id) => customers.find((customer) => customer.id === id)?.name ?? id}
        onClose={() => {
          setResult(null)
          onDone()
        }}
      />
    </section>
  )
}
