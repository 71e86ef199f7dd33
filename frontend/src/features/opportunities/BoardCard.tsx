import { FlagFilled, HourglassOutlined, SwapOutlined } from '@ant-design/icons'
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpportunityCard } from '@/api/types'
import { Moment } from '@/components/Moment'
import { useOpportunitySheets } from '@/components/opportunity/OpportunitySheets'
import { money } from '@/lib/money'
import { useTicking } from '@/lib/ticker'
import { daysSince } from '@/lib/time'
import styles from './BoardCard.module.css'
import { dragData } from './dragged'

/** One deal: whose, how much, until when, what next, how long here; red where nothing happens. */
export function BoardCard({ card }: { card: OpportunityCard }) {
  const { t } = useTranslation()
  const sheets = useOpportunitySheets()
  const element = useRef<HTMLElement>(null)
  const [isDragged, setIsDragged] = useState(false)
  const now = useTicking((moment) => Math.floor(moment / 60_000) * 60_000)
  useEffect(() => {
    if (!element.current) return
    return draggable({
      element: element.current,
      canDrag: () => card.state === 'open',
      getInitialData: () => dragData(card),
      onDragStart: () => setIsDragged(true),
      onDrop: () => setIsDragged(false),
    })
  }, [card])
  const isOpen = card.state === 'open'
  return (
    <article
      ref={element}
      className={`${styles.card} ${card.is_flagged ? styles.flagged : ''} ${isDragged ? styles.isDragged : ''}`}
    >
      <div className={styles.top}>
        <Link
          to="/opportunities/$opportunityId"
          params={{ opportunityId: card.id }}
          className={styles.name}
          draggable={false}
        >
          {card.customer?.name ?? card.name}
        </Link>
        {isOpen && (
          <Button
            type="text"
            size="small"
            className={styles.move ?? ''}
            icon={<SwapOutlined aria-hidden />}
            aria-label={t('board.moveCard', { name: card.name })}
            onClick={() => sheets.open({ kind: 'move', id: card.id, name: card.name })}
          />
        )}
      </div>
      {card.customer && <p className={styles.deal}>{card.name}</p>}
      <p className={styles.line}>
        <strong className="figures">
          {card.expected_amount === null ? t('opportunity.noAmount') : money(card.expected_amount, card.currency)}
        </strong>
        <span>{card.owner.name}</span>
      </p>
      <p className={styles.line}>
        {isOpen ? (
          <>
            <span>
              {card.expected_close_on
                ? t('opportunity.closesOn', { day: card.expected_close_on.slice(5) })
                : t('opportunity.noCloseDay')}
            </span>
            <span className="figures">
              {t('opportunity.daysInStage', { count: daysSince(card.stage_entered_at, now) })}
            </span>
          </>
        ) : (
          <>
            <span className={card.state === 'won' ? styles.won : styles.lost}>
              {t(`opportunity.states.${card.state}`)}
              {card.loss_reason && ` · ${t(`opportunity.losses.${card.loss_reason}`)}`}
            </span>
            {card.closed_at && <Moment at={card.closed_at} />}
          </>
        )}
      </p>
      {isOpen && (
        <p className={styles.next}>
          {card.next_step ?? t('opportunity.noNextStep')}
          {card.next_step_at && (
            <>
              {' · '}
              <span className={`${styles.when} ${Date.parse(card.next_step_at) < now ? styles.late : ''}`}>
                <Moment at={card.next_step_at} />
              </span>
            </>
          )}
        </p>
      )}
      {card.is_flagged && (
        <p className={styles.flag}>
          <FlagFilled aria-hidden /> {t('opportunity.flagged', { count: daysSince(card.last_activity_at, now) })}
        </p>
      )}
      {card.is_unadvanced && (
        <p className={styles.unadvanced}>
          <HourglassOutlined aria-hidden /> {t('opportunity.unadvanced', { count: daysSince(card.advanced_at, now) })}
        </p>
      )}
    </article>
  )
}
