import { useQuery } from '@tanstack/react-query'
import { Alert, Form, type FormInstance } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkQuery } from '@/api/duplicates'
import type { DuplicateCheck, LeadCreate } from '@/api/types'
import { DuplicateHits } from './DuplicateHits'

const PAUSE_MS = 400
const SHORTEST = 2

/** Whether the firm is known already, asked in the pauses of typing. */
export function QuickEntryWarning({ form }: { form: FormInstance<LeadCreate> }) {
  const { t } = useTranslation()
  const company = Form.useWatch('company', form)?.trim() ?? ''
  const phone = Form.useWatch('phone', form)?.trim() ?? ''
  const email = Form.useWatch('email', form)?.trim() ?? ''
  const asked = useSettled(JSON.stringify({ company, phone: phone || null, email: email || null }))
  const body: DuplicateCheck = JSON.parse(asked)
  const known = [body.company, body.phone, body.email].some((text) => (text?.length ?? 0) >= SHORTEST)
  const { data } = useQuery({ ...checkQuery(body), enabled: known })
  const hits = known ? (data?.items ?? []) : []
  return (
    <div aria-live="polite">
      {hits.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('duplicates.warnTitle', { count: hits.length })}
          description={<DuplicateHits hits={hits.slice(0, 3)} />}
        />
      )}
    </div>
  )
}

/** The value once it has stood still for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
