import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRow, ImportRun } from '@/api/types'
import { Card } from '@/components/Card'
import { LoadMore } from '@/components/LoadMore'
import { CardSkeletons, ErrorState } from '@/components/states'
import { formatFull } from '@/lib/time'
import { word } from '@/lib/words'
import { importRowsQuery, type RowKind } from './api'
import styles from './imports.module.css'

const COUNT_OF: Record<RowKind, (run: ImportRun) => number> = {
  all: ({ counts }) => counts.total,
  ready: ({ counts }) => counts.total - counts.problems - counts.duplicates,
  problem: ({ counts }) => counts.problems,
  duplicate: ({ counts }) => counts.duplicates,
  created: ({ counts }) => counts.created - counts.undone,
  updated: ({ counts }) => counts.updated + counts.unchanged,
  kept: ({ counts }) => counts.created - counts.undone,
}

/** The rows of the file by what becomes of them, each as it will be stored and why it is left out. */
export function RowList({ run, kinds }: { run: ImportRun; kinds: RowKind[] }) {
  const { t } = useTranslation()
  const filled = kinds.filter((kind) => COUNT_OF[kind](run) > 0)
  const [chosen, setChosen] = useState<RowKind | null>(null)
  const kind = filled.find((one) => one === chosen) ?? filled[0]
  if (!kind) return null
  return (
    <Card title={t('imports.rows')}>
      <Segmented<RowKind>
        aria-label={t('imports.rows')}
        className={styles.kinds}
        value={kind}
        onChange={setChosen}
        options={filled.map((one) => ({
          value: one,
          label: `${t(`imports.kinds.${one}`)} ${COUNT_OF[one](run)}`,
        }))}
      />
      <Rows run={run} kind={kind} />
    </Card>
  )
}

function Rows({ run, kind }: { run: ImportRun; kind: RowKind }) {
  const rows = useInfiniteQuery(importRowsQuery(run.id, kind, run.state))
  const items = rows.data?.pages.flatMap((page) => page.items) ?? []
  if (rows.isPending) return <CardSkeletons count={2} />
  if (rows.isError && items.length === 0) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
  return (
    <>
      <ol className={styles.rows}>
        {items.map((row) => (
          <RowItem key={row.number} row={row} />
        ))}
      </ol>
      <LoadMore {...rows} />
    </>
  )
}

/** Rows that are not left out: what is said of them is no complaint. */
const CHANGES = ['ready', 'updated', 'unchanged']
const NAMED = ['company', 'contact_name']

/** A day as people write it; everything else as it will be stored. */
const plain = (key: string, value: unknown): string =>
  key.endsWith('_at') ? formatFull(String(value)).slice(0, 10) : String(value)

function RowItem({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const name = NAMED.map((key) => row.fields[key]).filter(Boolean)
  const others = Object.entries(row.fields).filter(
    ([key, value]) => !NAMED.includes(key) && value && typeof value !== 'object',
  )
  const match = row.match as { id?: string; subject_type?: string } | null
  return (
    <li className={styles.row}>
      <span className={`${styles.rowNumber} figures`}>{t('imports.rowNumber', { number: row.number })}</span>
      <div className={styles.words}>
        <p className={styles.rowName}>{name.length > 0 ? name.join(' · ') : row.cells.filter(Boolean).join(' · ')}</p>
        {others.length > 0 && (
          <p className={styles.soft}>
            {others
              .map(([key, value]) => `${word(t, `imports.fields.${key}`, key)}${t('common.colon')}${plain(key, value)}`)
              .join('  ')}
          </p>
        )}
        {row.reason && <p className={CHANGES.includes(row.state) ? styles.soft : styles.reason}>{row.reason}</p>}
        {match?.id && match.subject_type === 'lead' && <LeadLink id={match.id} words={t('imports.lookAtLead')} />}
        {row.subject_id && row.state === 'created' && <LeadLink id={row.subject_id} words={t('imports.openLead')} />}
      </div>
    </li>
  )
}

function LeadLink({ id, words }: { id: string; words: string }) {
  return (
    <Link to="/leads/$leadId" params={{ leadId: id }} className={styles.link}>
      {words}
    </Link>
  )
}
