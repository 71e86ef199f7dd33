import { FlagFilled } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Opportunity } from '@/api/types'
import { Card } from '@/components/Card'
import { Moment } from '@/components/Moment'
import { useIsPhone } from '@/lib/media'
import { money } from '@/lib/money'
import { useTicking } from '@/lib/ticker'
import { daysSince } from '@/lib/time'
import styles from './OpportunityHead.module.css'
import { useOpportunityActions } from './opportunityActions'

/** Whose deal it is, how much and until when, and what was agreed next. */
export function OpportunityHead({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const actions = useOpportunityActions(deal)
  const quiet = useTicking((now) => daysSince(deal.last_activity_at, now))
  const still = useTicking((now) => daysSince(deal.advanced_at, now))
  return (
    <Card>
      {deal.is_flagged && (
        <p className={styles.flag}>
          <FlagFilled aria-hidden /> {t('opportunity.flagged', { count: quiet })}
        </p>
      )}
      {deal.is_unadvanced && <p className={styles.flag}>{t('opportunity.reported', { count: still })}</p>}
      {deal.state !== 'open' && (
        <p className={`${styles.ended} ${deal.state === 'won' ? styles.won : ''}`}>
          {t(`opportunity.states.${deal.state}`)}
          {deal.loss_reason && ` · ${t(`opportunity.losses.${deal.loss_reason}`)}`}
          {deal.closed_at && (
            <>
              {' · '}
              <Moment at={deal.closed_at} />
            </>
          )}
          {deal.closing_note && <small className={styles.note}>{deal.closing_note}</small>}
        </p>
      )}
      <dl className={styles.figures}>
        <div>
          <dt>{t('opportunity.fields.customer')}</dt>
          <dd>
            {deal.customer && (
              <Link to="/customers/$customerId" params={{ customerId: deal.customer.id }}>
                {deal.customer.name}
              </Link>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('opportunity.fields.expected_amount')}</dt>
          <dd className="figures">
            {deal.expected_amount === null ? t('opportunity.noAmount') : money(deal.expected_amount, deal.currency)}
          </dd>
        </div>
        <div>
          <dt>{t('opportunity.fields.expected_close_on')}</dt>
          <dd className="figures">{deal.expected_close_on ?? t('opportunity.noCloseDay')}</dd>
        </div>
        <div>
          <dt>{t('opportunity.fields.owner')}</dt>
          <dd>{[deal.owner.name, deal.backup_owner?.name].filter(Boolean).join(t('common.listSeparator'))}</dd>
        </div>
        {deal.state === 'open' && (
          <>
            <div>
              <dt>{t('opportunity.sinceUpdate')}</dt>
              <dd className="figures">{t('opportunity.days', { count: quiet })}</dd>
            </div>
            <div>
              <dt>{t('opportunity.sinceAdvance')}</dt>
              <dd className="figures">{t('opportunity.days', { count: still })}</dd>
            </div>
          </>
        )}
      </dl>
      {deal.next_step_at && (
        <p className={styles.next}>
          {t('opportunity.fields.next_step')}
          {t('common.colon')}
          {deal.next_step} · <Moment at={deal.next_step_at} />
        </p>
      )}
      {!isPhone && actions.length > 0 && (
        <div className={styles.actions}>
          {actions.map(({ key, label, icon, run }) => (
            <Button key={key} icon={icon} type={key === 'move' ? 'primary' : 'default'} onClick={run}>
              {label}
            </Button>
          ))}
        </div>
      )}
    </Card>
  )
}
