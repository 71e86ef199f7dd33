import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { money } from '@/lib/money'
import { Chart } from './Chart'
import { DealsFigure } from './Figure'
import { allMoney, amountIn, mainCurrency } from './figures'
import { amounts, bar, category, GRID, hue, legend, text } from './look'
import { type TileContent, TileTable } from './TileTable'

/** How many deals stand in each stage now, and for how much. */
export function FunnelTile({ figures, behind, isTable }: TileContent) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const language = asLanguage(i18n.language)
  const { stages } = figures
  const option = useMemo(() => {
    const currency = mainCurrency(stages)
    const shown = [...stages].reverse()
    const count = (index: number) => shown[index]?.count ?? 0
    return {
      grid: GRID,
      legend: legend(),
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => money(value.toFixed(0), currency) },
      xAxis: amounts(language),
      yAxis: category(
        shown.map(({ stage }) => stageName(stage, language)),
        84,
      ),
      series: [
        bar(
          t('dashboard.weighted'),
          hue('amber'),
          shown.map(({ sums }) =>
            amountIn(
              sums.map((one) => ({ ...one, amount: one.weighted })),
              currency,
            ),
          ),
        ),
        bar(
          t('dashboard.amount'),
          hue('pine'),
          shown.map(({ sums }) => amountIn(sums, currency)),
          {
            label: {
              show: true,
              position: 'right',
              ...text(),
              formatter: ({ dataIndex }: { dataIndex: number }) => t('dashboard.deals', { count: count(dataIndex) }),
            },
          },
        ),
      ],
    }
  }, [stages, language, t])
  if (!isTable)
    return (
      <Chart
        option={option}
        label={stages
          .map(({ stage, count, sums }) => `${stageName(stage, language)} ${count} ${allMoney(t, sums)}`)
          .join('; ')}
        onPick={({ dataIndex }) => {
          const stage = stages[stages.length - 1 - dataIndex]
          if (stage) void navigate({ to: '/opportunities', search: behind.standsIn(stage.stage.id) })
        }}
      />
    )
  return (
    <TileTable
      name={t('dashboard.tiles.funnel')}
      heads={[t('board.stage'), t('dashboard.count'), t('dashboard.amount'), t('dashboard.weighted')]}
      rows={stages.map(({ stage, count, sums }) => {
        const name = stageName(stage, language)
        return [
          name,
          <DealsFigure key="count" of={name} search={behind.standsIn(stage.id)}>
            {count}
          </DealsFigure>,
          allMoney(t, sums),
          allMoney(
            t,
            sums.map(({ currency, weighted }) => ({ currency, amount: weighted })),
          ),
        ]
      })}
    />
  )
}
