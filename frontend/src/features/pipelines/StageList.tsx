import { PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { StageContent } from '@/api/types'
import { openCount, type PipelineDocument, reordered, withNewStage, withOne } from './document'
import { Field } from './Field'
import { useFault } from './faults'
import styles from './pipelines.module.css'
import { StageItem } from './StageItem'

const MOST = 12

interface Props {
  draft: PipelineDocument
  live: PipelineDocument
  expanded: string | null
  onExpand: (key: string | null) => void
  onChange: (next: PipelineDocument) => void
}

/** The names of a pipeline and its stages in their order: those of the board first, what follows a won deal after them. */
export function StageList({ draft, live, expanded, onExpand, onChange }: Props) {
  const { t } = useTranslation()
  const { stages } = draft
  const fault = useFault('stages')
  const put = useCallback((next: StageContent[]) => onChange({ ...draft, stages: next }), [draft, onChange])
  const move = useCallback((from: number, to: number) => put(reordered(stages, from, to)), [stages, put])
  const add = (kind: StageContent['kind']): void => {
    const names =
      kind === 'open'
        ? { name_zh: '', name_en: '' }
        : { name_zh: t(`pipeline.kinds.${kind}`), name_en: t(`pipeline.kinds.${kind}`, { lng: 'en' }) }
    const next = withNewStage(stages, kind, names)
    put(next)
    onExpand(next.find(({ key }) => !stages.some((stage) => stage.key === key))?.key ?? null)
  }
  const item = (stage: StageContent, place: number) => (
    <StageItem
      key={stage.key}
      stage={stage}
      place={place}
      openCount={openCount(stages)}
      isNew={!live.stages.some(({ key }) => key === stage.key)}
      isExpanded={expanded === stage.key}
      onToggle={() => onExpand(expanded === stage.key ? null : stage.key)}
      onChange={(part) => put(withOne(stages, place, { ...stage, ...part }))}
      onDrop={() => put(withOne(stages, place, null))}
      onMove={move}
    />
  )
  const isBoard = ({ kind }: StageContent): boolean => kind === 'open' || kind === 'closed'
  const placed = stages.map((stage, place) => ({ stage, place }))
  const missing = (['contract', 'delivery'] as const).filter((kind) => !stages.some((stage) => stage.kind === kind))
  const isFull = stages.length >= MOST
  return (
    <>
      <section className={styles.block} aria-label={t('pipeline.names')}>
        <div className={styles.pair}>
          {(['name_zh', 'name_en'] as const).map((name) => (
            <Field key={name} label={t(name === 'name_zh' ? 'pipeline.nameZh' : 'pipeline.nameEn')} path={name}>
              {(control) => (
                <Input
                  {...control}
                  maxLength={200}
                  autoComplete="off"
                  value={draft[name]}
                  onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
                />
              )}
            </Field>
          ))}
        </div>
      </section>
      <h2 className={styles.heading}>{t('pipeline.stages')}</h2>
      {fault && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      <ol className={styles.stages} aria-label={t('pipeline.stages')}>
        {placed.filter(({ stage }) => isBoard(stage)).map(({ stage, place }) => item(stage, place))}
      </ol>
      <div className={styles.adds}>
        <Button type="dashed" icon={<PlusOutlined aria-hidden />} disabled={isFull} onClick={() => add('open')}>
          {t('pipeline.addStage')}
        </Button>
        {missing.map((kind) => (
          <Button
            key={kind}
            type="dashed"
            icon={<PlusOutlined aria-hidden />}
            disabled={isFull}
            onClick={() => add(kind)}
          >
            {t(`pipeline.addKind.${kind}`)}
          </Button>
        ))}
      </div>
      {missing.length < 2 && (
        <>
          <h2 className={styles.heading}>{t('pipeline.afterWon')}</h2>
          <ol className={styles.stages} aria-label={t('pipeline.afterWon')}>
            {placed.filter(({ stage }) => !isBoard(stage)).map(({ stage, place }) => item(stage, place))}
          </ol>
        </>
      )}
    </>
  )
}
