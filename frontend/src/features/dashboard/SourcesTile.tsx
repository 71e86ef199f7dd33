import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { sourceWords } from '@/components/lead/leadWords'
import { Chart } from './Chart'
import styles from './dashboard.module.css'
import { DealsFigure, LeadsFigure } from './Figure'
import { allMoney, percent } from './figures'
import { bar, category, GRID, hue, legend, numbers } from './look'
import { type TileContent, TileTable } from './TileTable'

const SHOWN = 8

/** What became of the leads of each source. */
export function SourcesTile({ figures, behind, isTable }: TileContent) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { sources } = figures
  const drawn = useMemo(() => sources.slice(0, SHOWN), [sources])
  const option = useMemo(
    () => ({
      grid: GRID,
      legend: legend(),
      tooltip: { trigger: 'axis' },
      xAxis: category(drawn.map(({ source }) => sourceWords(t, source) ?? source)),
      yAxis: numbers(),
      series: [
        bar(
          t('dashboard.leads'),
          hue('calm'),
          drawn.map(({ leads }) => leads),
        ),
        bar(
          t('dashboard.dealsOfLeads'),
          hue('amber'),
          drawn.map(({ deals }) => deals),
        ),
        bar(
          t('dashboard.won'),
          hue('good'),
          drawn.map(({ won }) => won),
        ),
      ],
    }),
    [drawn, t],
  )
  if (sources.length === 0) return <p className={styles.none}>{t('dashboard.noLeads')}</p>
  if (!isTable)
    return (
      <Chart
        option={option}
        label={sources
          .map(({ source, leads, deals, won }) => `${sourceWords(t, source)} ${leads} ${deals} ${won}`)
          .join('; ')}
        onPick={({ dataIndex, seriesIndex }) => {
          const source = drawn[dataIndex]?.source
          if (!source) return
          if (seriesIndex === 0) void navigate({ to: '/leads', search: behind.leads(source) })
          else
            void navigate({
              to: '/opportunities',
              search: behind.dealsOf(source, seriesIndex === 2 ? 'won' : undefined),
            })
        }}
      />
    )
  return (
    <TileTable
      name={t('dashboard.tiles.sources')}
      heads={[
        t('opportunity.fields.source'),
        t('dashboard.leads'),
        t('dashboard.dealsOfLeads'),
        t('dashboard.rate'),
        t('dashboard.won'),
        t('dashboard.wonAmount'),
      ]}
      rows={sources.map(({ source, leads, deals, won, won_amounts }) => {
        const name = sourceWords(t, source) ?? source
        return [
          name,
          <LeadsFigure key="leads" of={`${name} ${t('dashboard.leads')}`} search={behind.leads(source)}>
            {leads}
          </LeadsFigure>,
          <DealsFigure key="deals" of={`${name} ${t('dashboard.dealsOfLeads')}`} search={behind.dealsOf(source)}>
            {deals}
          </DealsFigure>,
          percent(deals, leads),
          <DealsFigure key="won" of={`${name} ${t('dashboard.won')}`} search={behind.dealsOf(source, 'won')}>
            {won}
          </DealsFigure>,
          allMoney(t, won_amounts),
        ]
      })}
    />
  )
}
