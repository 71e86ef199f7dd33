import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stageName } from '@/components/opportunity/opportunityWords'
import { asLanguage } from '@/i18n/i18n'
import { Chart } from './Chart'
import styles from './dashboard.module.css'
import { StaysFigure } from './Figure'
import { percent } from './figures'
import { bar, category, GRID, hue, legend, numbers, text } from './look'
import { type TileContent, TileTable } from './TileTable'

/** Of the stays in a stage that began in each month, the share that went on to a later one, against what is expected. */
export function ConversionTile({ figures, behind, isTable }: TileContent) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const language = asLanguage(i18n.language)
  const { stages } = figures
  const [chosen, setChosen] = useState<string>()
  const shown = stages.find(({ stage }) => stage.key === chosen) ?? stages[0]
  const option = useMemo(() => {
    const cohorts = shown?.cohorts ?? []
    const share = (part: number, whole: number) => (whole > 0 ? Math.round((part / whole) * 1000) / 10 : null)
    const baseline = shown?.baseline_rate ? Math.round(Number(shown.baseline_rate) * 1000) / 10 : null
    return {
      grid: { ...GRID, top: 40 },
      legend: legend(),
      tooltip: { trigger: 'axis' },
      xAxis: category(cohorts.map(({ month }) => month.slice(2, 7))),
      yAxis: [numbers('%', 100), { type: 'value', minInterval: 1, splitLine: { show: false }, axisLabel: text() }],
      series: [
        bar(
          t('dashboard.began'),
          hue('pine-mist'),
          cohorts.map(({ began }) => began),
          { yAxisIndex: 1 },
        ),
        {
          name: t('dashboard.rate'),
          type: 'line',
          symbolSize: 9,
          cursor: 'pointer',
          lineStyle: { color: hue('pine'), width: 2 },
          itemStyle: { color: hue('pine') },
          // Hollow while some of the stays still go on: the share can only rise.
          data: cohorts.map(({ began, ended, advanced }) => ({
            value: share(advanced, began),
            symbol: ended < began ? 'emptyCircle' : 'circle',
          })),
          ...(baseline === null
            ? {}
            : {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: hue('soon'), type: 'dashed' },
                  label: { ...text(), formatter: `${baseline}%`, position: 'insideEndTop' },
                  data: [{ yAxis: baseline }],
                },
              }),
        },
      ],
    }
  }, [shown, t])
  if (!shown) return null
  const name = stageName(shown.stage, language)
  const baseline = shown.baseline_rate ? `${Math.round(Number(shown.baseline_rate) * 100)}%` : '—'
  const { id } = shown.stage
  return (
    <>
      <div className={styles.chooser}>
        <Select
          size="small"
          aria-label={t('board.stage')}
          value={shown.stage.key}
          onChange={setChosen}
          options={stages.map(({ stage }) => ({ value: stage.key, label: stageName(stage, language) }))}
          popupMatchSelectWidth={false}
        />
        <span className={styles.note}>{t('dashboard.baselineOf', { rate: baseline })}</span>
      </div>
      {isTable ? (
        <TileTable
          name={t('dashboard.tiles.conversion')}
          heads={[
            t('dashboard.month'),
            t('dashboard.began'),
            t('dashboard.advanced'),
            t('dashboard.rate'),
            t('dashboard.maturity'),
          ]}
          rows={shown.cohorts.map(({ month, began, ended, advanced }) => [
            month.slice(0, 7),
            <StaysFigure
              key="began"
              of={`${name} ${month.slice(0, 7)} ${t('dashboard.began')}`}
              search={behind.began(id, month)}
            >
              {began}
            </StaysFigure>,
            <StaysFigure
              key="advanced"
              of={`${name} ${month.slice(0, 7)} ${t('dashboard.advanced')}`}
              search={behind.began(id, month, 'advanced')}
            >
              {advanced}
            </StaysFigure>,
            percent(advanced, began),
            percent(ended, began),
          ])}
        />
      ) : (
        <Chart
          option={option}
          label={shown.cohorts
            .map(({ month, began, advanced }) => `${month.slice(0, 7)} ${percent(advanced, began)}`)
            .join('; ')}
          onPick={({ dataIndex, seriesIndex }) => {
            const month = shown.cohorts[dataIndex]?.month
            if (!month) return
            void navigate({ to: '/stays', search: behind.began(id, month, seriesIndex === 1 ? 'advanced' : undefined) })
          }}
        />
      )}
    </>
  )
}
