import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRow, ImportRun } from '@/api/types'
import { Card } from '@/components/Card'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { FactLine } from '@/components/FactLine'
import { LoadMore } from '@/components/LoadMore'
import { sourceWords } from '@/components/lead/leadWords'
import { CardSkeletons, ErrorState } from '@/components/states'
import { formatFull } from '@/lib/time'
import { word } from '@/lib/words'
import { importRowsQuery, type Register, type RowKind } from './api'
import styles from './imports.module.css'

const COUNT_OF: Record<RowKind, (run: ImportRun) => number> = {
  all: ({ counts }) => counts.total,
  ready: ({ counts }) => counts.total - counts.problems - counts.duplicates,
  problem: ({ counts }) => counts.problems,
  duplicate: ({ counts }) => counts.duplicates,
  created: ({ counts }) => counts.created - counts.undone,
  joined: ({ counts }) => counts.joined,
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
      <ChoiceGrid
        size="chip"
        name="kind"
        label={t('imports.rows')}
        value={kind}
        onChange={(next) => setChosen(next as RowKind)}
        choices={filled.map((one) => ({
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
          <RowItem key={row.number} row={row} kind={KIND_OF[run.target as Register]} />
        ))}
      </ol>
      <LoadMore {...rows} />
    </>
  )
}

/** Rows that are left out: what is said of the others is no complaint, unless an undo left them. */
const LEFT_OUT = ['problem', 'duplicate']
const MADE = ['created', 'joined']
const NAMED = ['company', 'contact_name', 'product_code', 'product_name']
const KIND_OF: Record<Register, string> = { leads: 'lead', customers: 'customer', products: 'product' }

/** A day and a part in the decision chain as people say them; everything else as it will be stored. */
function plain(t: TFunction, key: string, value: unknown): string {
  if (key === 'role') return word(t, `contact.roles.${value}`, String(value))
  if (key === 'source') return sourceWords(t, String(value))
  if (Array.isArray(value)) return value.join(' / ')
  return key.endsWith('_at') ? formatFull(String(value)).slice(0, 10) : String(value)
}

function RowItem({ row, kind }: { row: ImportRow; kind: string }) {
  const { t } = useTranslation()
  const name = NAMED.map((key) => row.fields[key]).filter(Boolean)
  const others = Object.entries(row.fields).filter(
    ([key, value]) => !NAMED.includes(key) && value && (Array.isArray(value) || typeof value !== 'object'),
  )
  const match = row.match as { id?: string; subject_type?: string } | null
  return (
    <li className={styles.row}>
      <span className={`${styles.rowNumber} figures`}>{t('imports.rowNumber', { number: row.number })}</span>
      <div className={styles.words}>
        <p className={styles.rowName}>{name.length > 0 ? name.join(' · ') : row.cells.filter(Boolean).join(' · ')}</p>
        {others.length > 0 && (
          <FactLine
            className={styles.soft}
            facts={others.map(
              ([key, value]) => `${word(t, `imports.fields.${key}`, key)}${t('common.colon')}${plain(t, key, value)}`,
            )}
          />
        )}
        {row.reason && (
          <p className={row.problems.length > 0 || LEFT_OUT.includes(row.state) ? styles.reason : styles.soft}>
            {row.reason}
          </p>
        )}
        {match?.id && <RecordLink kind={match.subject_type ?? 'lead'} id={match.id} verb="lookAt" />}
        {row.subject_id && MADE.includes(row.state) && <RecordLink kind={kind} id={row.subject_id} verb="open" />}
      </div>
    </li>
  )
}

function RecordLink({ kind, id, verb }: { kind: string; id: string; verb: 'lookAt' | 'open' }) {
  const { t } = useTranslation()
  if (kind === 'product') return null
  return kind === 'customer' ? (
    <Link to="/customers/$customerId" params={{ customerId: id }} className={styles.link}>
      {t(`imports.${verb}Customer`)}
    </Link>
  ) : (
    <Link to="/leads/$leadId" params={{ leadId: id }} className={styles.link}>
      {t(`imports.${verb}Lead`)}
    </Link>
  )
}
