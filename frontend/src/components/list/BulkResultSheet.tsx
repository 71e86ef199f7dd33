import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { BulkResult } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import { problemWords } from '@/lib/words'
import styles from './BulkBar.module.css'

interface Props {
  result: BulkResult | null
  /** What the record of a row is called. */
  name: (id: string) => string
  onClose: () => void
}

/** Which records were left alone, and why. */
export function BulkResultSheet({ result, name, onClose }: Props) {
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
          const { title, help } = problemWords(t, refusal(row))
          return (
            <li key={row.id} className={styles.row}>
              <strong>{name(row.id)}</strong>
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
