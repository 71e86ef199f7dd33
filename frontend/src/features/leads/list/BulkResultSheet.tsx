import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { BulkResult, LeadCard } from '@/api/types'
import { leadName } from '@/components/lead/leadWords'
import { Sheet } from '@/components/Sheet'
import { problemWords } from '@/lib/words'
import styles from './BulkBar.module.css'

interface Props {
  result: BulkResult | null
  leads: LeadCard[]
  onClose: () => void
}

/** Which leads were left alone, and why. */
export function BulkResultSheet({ result, leads, onClose }: Props) {
  const { t } = useTranslation()
  const refused = result?.items.filter((row) => row.code !== null) ?? []
  return (
    <Sheet
      open={result !== null}
      onClose={onClose}
      title={t('bulk.partly', { done: result?.done ?? 0, refused: result?.refused ?? 0 })}
      footer={
        <Button type="primary" size="large" block onClick={onClose}>
          {t('bulk.understood')}
        </Button>
      }
    >
      <ul className={styles.rows}>
        {refused.map((row) => {
          const lead = leads.find((one) => one.id === row.id)
          const { title, help } = problemWords(t, refusal(row))
          return (
            <li key={row.id} className={styles.row}>
              <strong>{lead ? leadName(t, lead) : row.id}</strong>
              <span className={styles.why}>
                {title}
                {t('common.colon')}
                {help}
              </span>
            </li>
          )
        })}
      </ul>
    </Sheet>
  )
}

function refusal(row: BulkResult['items'][number]): ApiProblem {
  return new ApiProblem(row.status, { code: row.code ?? 'other', detail: row.detail ?? '' })
}
