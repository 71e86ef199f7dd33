import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadChanged, protect } from '@/api/leads'
import type { Lead } from '@/api/types'
import { Card } from '@/components/Card'
import styles from '@/components/Facts.module.css'
import { PoolCountdown } from '@/components/lead/PoolCountdown'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { ProtectSheet } from './ProtectSheet'

/** When the lead goes back to the pool; a superior can keep it out. */
export function PoolPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const decides = lead.actions.includes('reassign')
  if (!lead.returns_to_pool_at && !lead.protected_at) return null
  return (
    <Card title={t('pool.card')}>
      <div className={styles.facts}>
        {lead.returns_to_pool_at && (
          <>
            <PoolCountdown at={lead.returns_to_pool_at} />
            <p>
              <Moment at={lead.returns_to_pool_at} says={(at) => t('pool.returnsAt', { at })} />
            </p>
            {decides && <Button onClick={() => setIsOpen(true)}>{t('pool.protect')}</Button>}
          </>
        )}
        {lead.protected_at && (
          <>
            <p>
              {t('pool.protectedText')} {lead.protected_reason}
            </p>
            {decides && <Unprotect lead={lead} />}
          </>
        )}
      </div>
      {decides && <ProtectSheet lead={lead} open={isOpen} onClose={() => setIsOpen(false)} />}
    </Card>
  )
}

function Unprotect({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const ended = useMutation({
    mutationFn: () => protect(lead.id, lead.version, false, ''),
    onSuccess: () => void message.success(t('pool.unprotectDone')),
    onError: (error) => sayProblem(message, t, error),
    onSettled: () => leadChanged(client),
  })
  return (
    <Button loading={ended.isPending} onClick={() => ended.mutate()}>
      {t('pool.unprotect')}
    </Button>
  )
}
