import { ExclamationCircleOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Missing, Opportunity } from '@/api/types'
import { useDocumentSheets } from '@/components/document/DocumentSheets'
import { useDocumentName } from '@/components/document/useDocumentName'
import { asLanguage } from '@/i18n/i18n'
import { conditionWords, documentOf, type Remedy, remedyOf } from './conditionWords'
import styles from './MissingList.module.css'
import { useOpportunitySheets } from './OpportunitySheets'
import { stageName } from './opportunityWords'

interface Props {
  deal: Opportunity
  missing: Missing[]
  /** Before a remedy opens something else. */
  onLeave?: () => void
}

/** The conditions between an opportunity and a stage, each with the way to meet it. */
export function MissingList({ deal, missing, onLeave }: Props) {
  const { t, i18n } = useTranslation()
  const sheets = useOpportunitySheets()
  const documents = useDocumentSheets()
  const asksForFile = missing.some(({ condition }) => documentOf(condition) !== null)
  const documentName = useDocumentName(asksForFile)
  const navigate = useNavigate()
  const language = asLanguage(i18n.language)
  const run = (remedy: Remedy, asked: string | null): void => {
    // On top of what is open: with the file there, the move goes on.
    if (remedy === 'document' && asked) {
      documents.open({ kind: 'upload', subject: { type: 'opportunity', id: deal.id }, asked })
      return
    }
    onLeave?.()
    if (remedy === 'field') sheets.open({ kind: 'edit', deal })
    else if (remedy === 'activity') sheets.open({ kind: 'log_follow_up', deal })
    else if (deal.customer) void navigate({ to: '/customers/$customerId', params: { customerId: deal.customer.id } })
  }
  return (
    <ul className={styles.list} aria-label={t('board.missing')}>
      {missing.map((one) => {
        const remedy = remedyOf(one.condition)
        const said = conditionWords(t, one.condition, deal.currency, documentName)
        return (
          <li key={`${one.side}${said}`} className={styles.row}>
            <ExclamationCircleOutlined aria-hidden className={styles.icon} />
            <span className={styles.words}>
              {said}
              <small className={styles.soft}>{t('board.missingOf', { stage: stageName(one.stage, language) })}</small>
            </span>
            {remedy && (
              <Button size="small" onClick={() => run(remedy, documentOf(one.condition))}>
                {t(`condition.fix.${remedy}`)}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
