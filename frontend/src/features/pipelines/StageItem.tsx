import { ArrowDownOutlined, ArrowUpOutlined, DownOutlined, HolderOutlined, RightOutlined } from '@ant-design/icons'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { Button } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StageContent } from '@/api/types'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { dwellWords } from './differences'
import { percentOf } from './document'
import { useFault } from './faults'
import styles from './pipelines.module.css'
import { StageForm } from './StageForm'

const MARK = 'stage'

interface Props {
  stage: StageContent
  place: number
  /** How many stages can change places with it; it is one of them when it is open. */
  openCount: number
  isNew: boolean
  isExpanded: boolean
  onToggle: () => void
  onChange: (part: Partial<StageContent>) => void
  onDrop: () => void
  onMove: (from: number, to: number) => void
}

/** One stage in a line that opens; its order is changed by dragging, or by its two buttons. */
export function StageItem({ stage, place, openCount, isNew, isExpanded, onToggle, onChange, onDrop, onMove }: Props) {
  const { t, i18n } = useTranslation()
  const formId = useId()
  const item = useRef<HTMLLIElement>(null)
  const handle = useRef<HTMLSpanElement>(null)
  const [isOver, setIsOver] = useState(false)
  const name = stageName(stage, asLanguage(i18n.language)) || t('pipeline.newStage')
  const isMovable = stage.kind === 'open'
  const path = `stages/${place}`
  const fault = useFault(path, true)
  useEffect(() => {
    if (!item.current || !handle.current || !isMovable) return
    return combine(
      draggable({ element: item.current, dragHandle: handle.current, getInitialData: () => ({ [MARK]: place }) }),
      dropTargetForElements({
        element: item.current,
        canDrop: ({ source }) => typeof source.data[MARK] === 'number' && source.data[MARK] !== place,
        onDragEnter: () => setIsOver(true),
        onDragLeave: () => setIsOver(false),
        onDrop: ({ source }) => {
          setIsOver(false)
          onMove(source.data[MARK] as number, place)
        },
      }),
    )
  }, [place, isMovable, onMove])
  const rate = percentOf(stage.baseline_rate)
  const asked = stage.entry.length + stage.exit.length
  const summary = [
    t(`pipeline.phases.${stage.phase}`),
    rate === null ? null : t('pipeline.summaryRate', { rate }),
    dwellWords(t, stage),
    asked > 0 ? t('pipeline.summaryConditions', { count: asked }) : null,
    stage.milestones.length > 0 ? t('pipeline.summaryMilestones', { count: stage.milestones.length }) : null,
  ]
  return (
    <li ref={item} className={`${styles.stage} ${isOver ? styles.isOver : ''}`}>
      <div className={styles.stageHead}>
        {isMovable && (
          <span ref={handle} className={styles.handle} title={t('pipeline.drag', { name })}>
            <HolderOutlined aria-hidden />
          </span>
        )}
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isExpanded}
          aria-controls={formId}
          onClick={onToggle}
        >
          <span className={styles.chevron} aria-hidden>
            {isExpanded ? <DownOutlined /> : <RightOutlined />}
          </span>
          <span className={styles.grow}>
            <strong className={styles.name}>{name}</strong>
            {!stage.is_active && <span className={styles.status}>{t('pipeline.outOfUse')}</span>}
            {isNew && <span className={`${styles.status} ${styles.soon}`}>{t('pipeline.newStage')}</span>}
            <small className={styles.summary}>{summary.filter(Boolean).join(' · ')}</small>
            {fault && !isExpanded && <small className={styles.fault}>{fault}</small>}
          </span>
        </button>
        {isMovable && (
          <span className={styles.order}>
            <Button
              type="text"
              icon={<ArrowUpOutlined aria-hidden />}
              aria-label={t('pipeline.up', { name })}
              disabled={place === 0}
              onClick={() => onMove(place, place - 1)}
            />
            <Button
              type="text"
              icon={<ArrowDownOutlined aria-hidden />}
              aria-label={t('pipeline.down', { name })}
              disabled={place >= openCount - 1}
              onClick={() => onMove(place, place + 1)}
            />
          </span>
        )}
      </div>
      <div id={formId} hidden={!isExpanded}>
        {isExpanded && <StageForm stage={stage} path={path} isNew={isNew} onChange={onChange} onDrop={onDrop} />}
      </div>
    </li>
  )
}
