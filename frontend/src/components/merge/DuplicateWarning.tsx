import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkQuery } from '@/api/duplicates'
import type { DuplicateCheck } from '@/api/types'
import { DuplicateHits } from './DuplicateHits'

const PAUSE_MS = 400
const SHORTEST = 2

type Typed = Partial<Record<'company' | 'phone' | 'email' | 'credit_code' | 'except_id', string | null | undefined>>

/** Whether the firm is known already, asked in the pauses of typing. */
export function DuplicateWarning({ company, phone, email, credit_code, except_id = null }: Typed) {
  const { t } = useTranslation()
  const plain = (text?: string | null): string | null => text?.trim() || null
  const typed = { phone: plain(phone), email: plain(email), credit_code: plain(credit_code) }
  const asked = useSettled(JSON.stringify({ company: plain(company) ?? '', ...typed, except_id }))
  const body: DuplicateCheck = JSON.parse(asked)
  const texts = [body.company, body.phone, body.email, body.credit_code]
  const known = texts.some((text) => (text?.length ?? 0) >= SHORTEST)
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
