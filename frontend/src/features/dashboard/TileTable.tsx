import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '@/api/types'
import type { Behind } from '@/lib/dashboardSearch'
import styles from './dashboard.module.css'

export interface TileContent {
  figures: Dashboard
  behind: Behind
  isTable: boolean
}

interface Props {
  name: string
  heads: string[]
  rows: ReactNode[][]
}

/** The figures of a tile as a table; each row's first cell is its name. */
export function TileTable({ name, heads, rows }: Props) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard
    <section className={styles.tableBox} aria-label={t('dashboard.tableOf', { tile: name })} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr key={`${first}`}>
              <th scope="row">{first}</th>
              {others.map((cell, place) => (
                <td key={heads[place + 1]} className="figures">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
