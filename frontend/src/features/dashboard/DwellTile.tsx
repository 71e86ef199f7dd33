import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { Chart } from './Chart'
import { StaysFigure } from './Figure'
import { isOver, standardWords } from './figures'
import { bar, category, GRID, hue, legend, numbers } from './look'
import { type TileContent, TileTable } from './TileTable'

const RANGE = 'range'

/** How long finished stays took, against what is usual; those that go on are told apart. */
export function DwellTile({ figures, behind, isTable }: TileContent) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const language = asLanguage(i18n.language)
  const { stages } = figures
  const option = useMemo(() => {
    const days = (value: string | null) => (value === null ? null : Number(value))
    const dot = (name: string, color: string, data: (number | null)[]) => ({
      name,
      type: 'scatter',
      symbol: 'diamond',
      symbolSize: 11,
      itemStyle: { color },
      data,
    })
    return {
      grid: GRID,
      legend: {
        ...legend(),
        data: [t('dashboard.average'), t('dashboard.standard'), t('dashboard.median'), t('dashboard.standingDays')],
      },
      tooltip: { trigger: 'axis', valueFormatter: (value: number | null) => (value === null ? '—' : `${value}`) },
      xAxis: category(
        stages.map(({ stage }) => stageName(stage, language)),
        72,
      ),
      yAxis: numbers(),
      series: [
        bar(
          t('dashboard.average'),
          hue('pine'),
          stages.map((one) => ({
            value: days(one.average_days),
            itemStyle: { color: isOver(one) ? hue('late') : hue('pine') },
          })),
        ),
        bar(
          ' ',
          'transparent',
          stages.map(({ dwell_min_days }) => dwell_min_days ?? 0),
          {
            stack: RANGE,
            silent: true,
            tooltip: { show: false },
          },
        ),
        bar(
          t('dashboard.standard'),
          hue('calm'),
          stages.map(({ dwell_min_days: min, dwell_max_days: max }) => (max === null ? null : max - (min ?? 0))),
          { stack: RANGE, silent: true, tooltip: { show: false }, itemStyle: { color: hue('calm'), opacity: 0.35 } },
        ),
        dot(
          t('dashboard.median'),
          hue('ink'),
          stages.map(({ median_days }) => days(median_days)),
        ),
        dot(
          t('dashboard.standingDays'),
          hue('amber'),
          stages.map(({ standing_days }) => days(standing_days)),
        ),
      ],
    }
  }, [stages, language, t])
  const words = stages.map((one) => {
    const name = stageName(one.stage, language)
    return `${name} ${one.average_days ?? '—'} / ${standardWords(t, one)}`
  })
  if (!isTable)
    return (
      <Chart
        option={option}
        label={words.join('; ')}
        onPick={({ dataIndex, seriesIndex }) => {
          const id = stages[dataIndex]?.stage.id
          if (!id) return
          const search = seriesIndex === 4 ? behind.standing(id) : behind.ended(id)
          void navigate({ to: '/stays', search })
        }}
      />
    )
  const days = (value: string | null) =>
    value === null ? '—' : t('dashboard.daysOf', { days: value, count: Number(value) })
  return (
    <TileTable
      name={t('dashboard.tiles.dwell')}
      heads={[
        t('board.stage'),
        t('dashboard.finished'),
        t('dashboard.average'),
        t('dashboard.median'),
        t('dashboard.standard'),
        t('dashboard.standing'),
        t('dashboard.standingDays'),
      ]}
      rows={stages.map((one) => {
        const name = stageName(one.stage, language)
        return [
          name,
          <StaysFigure key="finished" of={`${name} ${t('dashboard.finished')}`} search={behind.ended(one.stage.id)}>
            {one.finished}
          </StaysFigure>,
          isOver(one) ? t('dashboard.overStandard', { days: days(one.average_days) }) : days(one.average_days),
          days(one.median_days),
          standardWords(t, one),
          <StaysFigure key="standing" of={`${name} ${t('dashboard.standing')}`} search={behind.standing(one.stage.id)}>
            {one.standing}
          </StaysFigure>,
          days(one.standing_days),
        ]
      })}
    />
  )
}
