import { FileSearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { supportRequestQuery } from '@/api/support'
import type { SupportRequest } from '@/api/types'
import { Card } from '@/components/Card'
import columns from '@/components/Columns.module.css'
import { Countdown } from '@/components/Countdown'
import { Facts } from '@/components/Facts'
import { Moment } from '@/components/Moment'
import { Page } from '@/components/Page'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import styles from '@/components/support/Support.module.css'
import { SupportStateTag } from '@/components/support/SupportStateTag'
import { recordName } from '@/components/support/supportWords'
import { SupportActions } from './SupportActions'

export function SupportRequestPage() {
  const { t } = useTranslation()
  const { requestId } = useParams({ from: '/shell/support/$requestId' })
  const request = useQuery(supportRequestQuery(requestId))
  return (
    <Page title={t('support.title')} subtitle={request.data?.number} width="reading" backTo="/support">
      {request.isPending && <CardSkeletons count={2} />}
      {request.isError &&
        (isGone(request.error) ? (
          <EmptyState
            icon={<FileSearchOutlined aria-hidden />}
            title={t('support.gone')}
            text={t('support.goneHelp')}
            action={<Link to="/support">{t('support.title')}</Link>}
          />
        ) : (
          <ErrorState error={request.error} onRetry={() => void request.refetch()} />
        ))}
      {request.isSuccess && <Detail request={request.data} />}
    </Page>
  )
}

function Detail({ request }: { request: SupportRequest }) {
  const { t } = useTranslation()
  const { facts } = request
  return (
    <div className={columns.stack}>
      <Card>
        <div className={styles.top}>
          <h2>
            <RecordName request={request} />
          </h2>
          <SupportStateTag request={request} />
        </div>
        <p className={styles.soft}>
          {t('support.fromTo', { by: request.asked_by.name, engineer: request.engineer.name })} ·{' '}
          <Moment at={request.asked_at} />
          {request.chosen === 'deputy' && ` · ${t('support.byDeputy')}`}
        </p>
        {request.state === 'asked' && <Countdown dueAt={request.due_at} />}
        {request.rounds.map((round) => (
          <Round key={round.number} round={round} />
        ))}
        {request.closing_note && (
          <p className={styles.pre}>
            <span className={styles.soft}>{t('support.note')}</span> {request.closing_note}
          </p>
        )}
      </Card>
      <SupportActions request={request} />
      {facts && (
        <Facts
          title={t('support.facts')}
          facts={[
            [t('opportunity.fields.customer'), request.customer?.name],
            [t('opportunity.fields.name'), request.opportunity?.name],
            [t('opportunity.fields.product_line'), facts.product_line],
            [t('opportunity.fields.need'), facts.need],
            [t('opportunity.fields.expected_close_on'), facts.expected_close_on],
            [t('opportunity.fields.owner'), facts.owner],
          ]}
        />
      )}
    </div>
  )
}

function RecordName({ request }: { request: SupportRequest }) {
  const name = recordName(request)
  if (!request.can_open) return <>{name}</>
  return request.opportunity ? (
    <Link to="/opportunities/$opportunityId" params={{ opportunityId: request.opportunity.id }}>
      {name}
    </Link>
  ) : (
    <Link to="/customers/$customerId" params={{ customerId: request.customer?.id ?? '' }}>
      {name}
    </Link>
  )
}

function Round({ round }: { round: SupportRequest['rounds'][number] }) {
  const { t } = useTranslation()
  return (
    <section className={styles.round} aria-label={t('support.round', { number: round.number })}>
      <p className={styles.soft}>
        {t('support.round', { number: round.number })} · {round.asked_by.name} · <Moment at={round.asked_at} />
        {round.due_at && (
          <>
            {' · '}
            {t('support.dueAt')} <Moment at={round.due_at} />
          </>
        )}
      </p>
      <p className={styles.pre}>{round.need}</p>
      {round.answered_by && round.answered_at && (
        <>
          <p className={styles.soft}>
            {t('support.answeredBy', { name: round.answered_by.name })} · <Moment at={round.answered_at} />
          </p>
          <p className={styles.pre}>{round.answer}</p>
        </>
      )}
    </section>
  )
}
