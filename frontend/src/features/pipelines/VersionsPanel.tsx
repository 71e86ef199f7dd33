import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pipeline, PipelineVersion } from '@/api/types'
import { useDocumentName } from '@/components/document/useDocumentName'
import { Moment } from '@/components/Moment'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { versionQuery, versionsQuery } from './api'
import { DifferenceList } from './DifferenceList'
import { differences } from './differences'
import { type PipelineDocument, toDocument } from './document'
import styles from './pipelines.module.css'

interface Props {
  pipeline: Pipeline
  onTake: (version: PipelineVersion, document: PipelineDocument) => void
}

/** Who saved which version, when and why; what differs between any two; and the way back to one. */
export function VersionsPanel({ pipeline, onTake }: Props) {
  const { t } = useTranslation()
  const versions = useQuery(versionsQuery(pipeline.id))
  const items = versions.data?.items ?? []
  const [chosen, setChosen] = useState<{ from: number; to: number } | null>(null)
  const to = chosen?.to ?? items[0]?.number ?? 0
  const from = chosen?.from ?? items[1]?.number ?? 0
  if (versions.isPending) return <CardSkeletons count={3} />
  if (versions.isError && !versions.data)
    return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
  return (
    <>
      {items.length > 1 && (
        <Comparison
          pipelineId={pipeline.id}
          versions={items}
          from={from}
          to={to}
          onChange={(next) => setChosen(next)}
        />
      )}
      <ol className={styles.list} aria-label={t('pipeline.versions.title')}>
        {items.map((version, place) => (
          <VersionRow
            key={version.number}
            pipelineId={pipeline.id}
            version={version}
            previous={items[place + 1]?.number}
            isCurrent={place === 0}
            onShow={(before) => {
              setChosen({ from: before, to: version.number })
              window.scrollTo({ top: 0 })
            }}
            onTake={onTake}
          />
        ))}
      </ol>
    </>
  )
}

interface ComparisonProps {
  pipelineId: string
  versions: PipelineVersion[]
  from: number
  to: number
  onChange: (next: { from: number; to: number }) => void
}

function Comparison({ pipelineId, versions, from, to, onChange }: ComparisonProps) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const sides = [useQuery(versionQuery(pipelineId, from)), useQuery(versionQuery(pipelineId, to))] as const
  const [before, after] = sides
  const failed = sides.find((side) => side.isError)
  const words = { t, language: asLanguage(i18n.language), documentName: useDocumentName() }
  const found =
    before.data && after.data
      ? differences(words, toDocument(before.data.content), toDocument(after.data.content))
      : null
  const options = versions.map(({ number }) => ({ value: number, label: t('pipeline.versions.number', { number }) }))
  return (
    <section className={styles.block} aria-label={t('pipeline.versions.compare')}>
      <div className={styles.pair}>
        <div className={styles.field}>
          <label className={styles.label} htmlFor={`${id}-from`}>
            {t('pipeline.versions.from')}
          </label>
          <Select id={`${id}-from`} value={from} options={options} onChange={(next) => onChange({ from: next, to })} />
        </div>
        <div className={styles.field}>
          <label className={styles.label} htmlFor={`${id}-to`}>
            {t('pipeline.versions.to')}
          </label>
          <Select id={`${id}-to`} value={to} options={options} onChange={(next) => onChange({ from, to: next })} />
        </div>
      </div>
      <div role="status">
        <h3 className={styles.heading}>{t('pipeline.versions.whatChanged', { from, to })}</h3>
        {failed && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
        {!failed && !found && <CardSkeletons count={1} />}
        {found && found.length === 0 && <p className={styles.soft}>{t('pipeline.versions.same')}</p>}
        {found && <DifferenceList found={found} />}
      </div>
    </section>
  )
}

interface RowProps {
  pipelineId: string
  version: PipelineVersion
  previous: number | undefined
  isCurrent: boolean
  onShow: (previous: number) => void
  onTake: Props['onTake']
}

function VersionRow({ pipelineId, version, previous, isCurrent, onShow, onTake }: RowProps) {
  const { t } = useTranslation()
  const { number } = version
  const [isWanted, setIsWanted] = useState(false)
  const content = useQuery({ ...versionQuery(pipelineId, number), enabled: false })
  const take = async (): Promise<void> => {
    setIsWanted(true)
    const { data } = await content.refetch()
    setIsWanted(false)
    if (data) onTake(version, toDocument(data.content))
  }
  return (
    <li className={styles.card}>
      <div className={styles.grow}>
        <h3 className={styles.head}>
          <span className={styles.name}>{t('pipeline.versions.number', { number })}</span>
          {isCurrent && <span className={`${styles.status} ${styles.good}`}>{t('pipeline.versions.current')}</span>}
        </h3>
        <p className={styles.note}>{version.note || t('pipeline.versions.noNote')}</p>
        <p className={styles.soft}>
          {version.changed_by?.name ?? t('pipeline.versions.first')} · <Moment at={version.changed_at} />
        </p>
      </div>
      <div className={styles.buttons}>
        {previous !== undefined && (
          <Button aria-label={t('pipeline.versions.show', { number })} onClick={() => onShow(previous)}>
            {t('pipeline.whatChanges')}
          </Button>
        )}
        {!isCurrent && (
          <Button loading={isWanted} onClick={() => void take()}>
            {t('pipeline.versions.take', { number })}
          </Button>
        )}
      </div>
    </li>
  )
}
