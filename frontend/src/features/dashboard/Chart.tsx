import { useEffect, useRef } from 'react'
import { isStill } from '@/lib/media'
import styles from './dashboard.module.css'
import { type EChartsCoreOption, init } from './echarts'

type Drawn = ReturnType<typeof init>

export interface Picked {
  seriesIndex?: number
  dataIndex: number
}

interface Props {
  option: EChartsCoreOption
  /** What the picture shows, for who does not see it; the figures are in the table beside it. */
  label: string
  onPick: (picked: Picked) => void
}

/** A picture of figures; a tap on one opens the list behind it. */
export function Chart({ option, label, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn>(undefined)
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current)
    chart.on('click', (event) => pick.current(event as unknown as Picked))
    drawn.current = chart
    const watching = new ResizeObserver(() => chart.resize())
    watching.observe(box.current)
    return () => {
      watching.disconnect()
      chart.dispose()
    }
  }, [])
  useEffect(() => {
    drawn.current?.setOption({ animation: !isStill(), ...option }, { notMerge: true })
  }, [option])
  return <div ref={box} role="img" aria-label={label} className={styles.chart} />
}
