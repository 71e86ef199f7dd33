import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DealRef, PipelineTrial, StageTrial } from '@/api/types'
import { useDocumentName } from '@/components/document/useDocumentName'
import { conditionWords } from '@/components/opportunity/conditionWords'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import { daysSince } from '@/lib/time'
import styles from './pipelines.module.css'

/** Whether the change means anything for what stands in this stage. */
const says = (stage: StageTrial): boolean =>
  stage.open > 0 &&
  (stage.leaves_use ||
    stage.next_before?.key !== stage.next_after?.key ||
    stage.conditions.some(({ asked }) => asked !== 'both') ||
    stage.too_long_before !== stage.too_long_after)

/** What a draft would mean for the deals that are open now: counts before and after, and deals to look at. */
export function TrialReport({ trial }: { trial: PipelineTrial }) {
  const { t } = useTranslation()
  const stages = trial.stages.filter(says)
  const sums = trial.sums.filter(({ weighted_before, weighted_after }) => weighted_before !== weighted_after)
  if (trial.open === 0) return <p className={styles.soft}>{t('pipeline.trial.none')}</p>
  return (
    <div className={styles.trial} role="status">
      <p className={styles.soft}>
        {t('pipeline.trial.about', { scope: t(`pipeline.trial.counted.${trial.scope}`), count: trial.open })}
        {trial.checked < trial.open && ` ${t('pipeline.trial.sampled', { count: trial.checked })}`}
      </p>
      {stages.length === 0 && sums.length === 0 && <p>{t('pipeline.trial.same')}</p>}
      {sums.map((sum) => (
        <p key={sum.currency} className={`${styles.figure} figures`}>
          <span>{t('pipeline.trial.weighted')}</span>
          <strong>
            {t('pipeline.trial.change', {
              before: money(sum.weighted_before, sum.currency),
              after: money(sum.weighted_after, sum.currency),
            })}
          </strong>
        </p>
      ))}
      {stages.map((stage) => (
        <StageReport key={stage.stage.key} trial={stage} at={trial.counted_at} />
      ))}
    </div>
  )
}

function StageReport({ trial, at }: { trial: StageTrial; at: string }) {
  const { t, i18n } = useTranslation()
  const language = asLanguage(i18n.language)
  const named = (stage: StageTrial['next_after']): string =>
    stage ? stageName(stage, language) : t('pipeline.trial.nowhere')
  const of = (count: number): string => t('pipeline.trial.of', { count, checked: trial.checked })
  const documentName = useDocumentName()
  const changed = trial.conditions.filter(({ asked }) => asked !== 'both')
  const isElsewhere = trial.next_before?.key !== trial.next_after?.key
  const isLate = trial.too_long_before !== trial.too_long_after
  return (
    <section className={styles.verdict} aria-label={stageName(trial.stage, language)}>
      <h4 className={styles.name}>{stageName(trial.stage, language)}</h4>
      {trial.leaves_use && <p>{t('pipeline.trial.leavesUse', { count: trial.open })}</p>}
      {isElsewhere && (
        <p className={styles.figure}>
          <span>{t('pipeline.trial.next')}</span>
          <strong>
            {t('pipeline.trial.change', { before: named(trial.next_before), after: named(trial.next_after) })}
          </strong>
        </p>
      )}
      {(changed.length > 0 || isElsewhere) && (
        <p className={`${styles.figure} figures`}>
          <span>
            {trial.next_after
              ? t('pipeline.trial.blocked', { stage: named(trial.next_after) })
              : t('pipeline.trial.blockedEnd')}
          </span>
          <strong>
            {t('pipeline.trial.change', { before: of(trial.blocked_before), after: of(trial.blocked_after) })}
          </strong>
        </p>
      )}
      {changed.length > 0 && (
        <ul className={styles.reasons}>
          {changed.map(({ condition, asked, missing }) => {
            const said = { condition: conditionWords(t, condition, 'CNY', documentName), count: missing }
            return (
              <li key={said.condition}>
                {asked === 'after' ? t('pipeline.trial.conditionNew', said) : t('pipeline.trial.conditionGone', said)}
              </li>
            )
          })}
        </ul>
      )}
      {trial.newly_blocked > 0 && (
        <p className={styles.warn}>{t('pipeline.trial.newly', { count: trial.newly_blocked })}</p>
      )}
      {trial.examples.length > 0 && <Examples deals={trial.examples} at={at} />}
      {isLate && (
        <p className={`${styles.figure} figures`}>
          <span>{t('pipeline.trial.tooLong')}</span>
          <strong>
            {t('pipeline.trial.change', {
              before: t('pipeline.trial.deals', { count: trial.too_long_before }),
              after: t('pipeline.trial.deals', { count: trial.too_long_after }),
            })}
          </strong>
        </p>
      )}
      {(trial.leaves_use || (isLate && trial.too_long_after > 0)) && <Examples deals={trial.longest} at={at} />}
    </section>
  )
}

/** Deals to look at, in a tab of their own: the draft stays where it is. */
function Examples({ deals, at }: { deals: DealRef[]; at: string }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.examples} aria-label={t('pipeline.trial.examples')}>
      {deals.map((deal) => (
        <li key={deal.id}>
          <Link to="/opportunities/$opportunityId" params={{ opportunityId: deal.id }} target="_blank">
            {[deal.customer, deal.name].filter(Boolean).join(' · ')}
          </Link>{' '}
          <small className={styles.soft}>
            {deal.owner} ·{' '}
            {t('pipeline.trial.standsSince', { count: daysSince(deal.stage_entered_at, Date.parse(at)) })}
          </small>
        </li>
      ))}
    </ul>
  )
}
