import { EditOutlined, SwapOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OpportunityCard } from '@/api/types'
import { Countdown } from '@/components/Countdown'
import { FactLine } from '@/components/FactLine'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { money } from '@/lib/money'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whyWords } from './why'

/** A deal that stands still, or whose agreed next step has come. */
export function DealItem({ item, deal, tone }: ItemProps & { deal: OpportunityCard }) {
  const { t } = useTranslation()
  const sheets = useOpportunitySheets()
  const amount = deal.expected_amount === null ? null : money(deal.expected_amount, deal.currency)
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/opportunities/$opportunityId" params={{ opportunityId: deal.id }} className={styles.link}>
              {deal.name}
            </Link>
          </h3>
          {item.kind === 'to_follow' && item.due_at && <Countdown dueAt={item.due_at} />}
        </div>
        <FactLine facts={[deal.customer?.name, amount, deal.product_line]} className={styles.facts} />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)}
        </p>
      </div>
      <div className={styles.actions}>
        <Button icon={<EditOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'log_follow_up', deal })}>
          {t('followUp.open')}
        </Button>
        <Button
          icon={<SwapOutlined aria-hidden />}
          onClick={() => sheets.open({ kind: 'move', id: deal.id, name: deal.name })}
        >
          {t('board.move')}
        </Button>
      </div>
    </article>
  )
}
