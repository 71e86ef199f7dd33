import { EditOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LeadCard, Script, TodayItem } from '@/api/types'
import { CallButton } from '@/components/CallButton'
import { Countdown } from '@/components/Countdown'
import { FactLine } from '@/components/FactLine'
import { useLeadSheets } from '@/components/lead/LeadSheets'
import { leadName, sourceWords } from '@/components/lead/leadWords'
import { useScriptToggle } from '@/components/lead/useScriptToggle'
import { Moment } from '@/components/Moment'
import { useIsPhone } from '@/lib/media'
import { placeName } from '@/lib/places'
import { ContractItem } from './ContractItem'
import { CustomerItem } from './CustomerItem'
import { DealItem } from './DealItem'
import { RequestItem } from './RequestItem'
import { SupportItem } from './SupportItem'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whenOf, whyWords } from './why'

interface Props extends ItemProps {
  words: Script | null
}

/** One thing to do: who, why, until when, and the actions at hand. */
export function TodayCard({ item, tone, words }: Props) {
  if (item.lead) return <LeadItem item={item} lead={item.lead} tone={tone} words={words} />
  if (item.opportunity) return <DealItem item={item} deal={item.opportunity} tone={tone} />
  if (item.contract) return <ContractItem item={item} contract={item.contract} tone={tone} />
  if (item.customer) return <CustomerItem item={item} customer={item.customer} tone={tone} />
  if (item.support_request) return <SupportItem item={item} request={item.support_request} tone={tone} />
  return item.change_request && <RequestItem item={item} request={item.change_request} tone={tone} />
}

function LeadItem({ item, lead, tone, words }: Props & { lead: LeadCard }) {
  const { t } = useTranslation()
  const script = useScriptToggle(words, '', styles.script)
  const when = whenOf(item, lead)
  const facts = [lead.contact_name, placeName(lead.province, lead.city), sourceWords(t, lead.source), lead.product_line]
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={styles.link}>
              {leadName(t, lead)}
            </Link>
            {lead.is_test && <span className={styles.test}>{t('lead.test')}</span>}
          </h3>
          <Countdown dueAt={item.due_at} runsFrom={lead.state === 'assigned' ? lead.assigned_at : null} />
        </div>
        <FactLine facts={facts} className={styles.facts} />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)} ·{' '}
          <span className={styles.when}>
            <Moment at={when.at} says={(at) => t(`today.when.${when.what}`, { at })} />
          </span>
        </p>
      </div>
      <div className={styles.actions}>
        <CardActions item={item} lead={lead} />
        {script.button}
      </div>
      {script.panel}
    </article>
  )
}

function CardActions({ item, lead }: { item: TodayItem; lead: LeadCard }) {
  const { t } = useTranslation()
  const sheets = useLeadSheets()
  const isPhone = useIsPhone()
  const { actions } = item
  const logs = actions.includes('log_follow_up')
  const leads = item.kind === 'escalation' || item.kind === 'to_assign'
  // After the call the phone comes back to the open form: the outcome is two taps away.
  const afterCall = isPhone && logs ? () => sheets.open({ kind: 'log_follow_up', lead }) : undefined
  return (
    <>
      {leads && actions.includes('take_over') && (
        <Button type={lead.owner ? 'primary' : 'default'} onClick={() => sheets.open({ kind: 'take_over', lead })}>
          {t('takeOver.open')}
        </Button>
      )}
      {leads && actions.includes('reassign') && (
        <Button type={lead.owner ? 'default' : 'primary'} onClick={() => sheets.open({ kind: 'reassign', lead })}>
          {lead.owner ? t('reassign.open') : t('reassign.giveOut')}
        </Button>
      )}
      {lead.phone && (
        <CallButton
          phone={lead.phone}
          type={leads ? 'default' : 'primary'}
          shows={isPhone ? 'word' : 'number'}
          {...(afterCall ? { onClick: afterCall } : {})}
        />
      )}
      {logs && !leads && (
        <Button icon={<EditOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'log_follow_up', lead })}>
          {t('followUp.open')}
        </Button>
      )}
    </>
  )
}
