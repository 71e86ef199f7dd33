import { shortNumber } from '@/lib/money'
import type { Language } from '@/lib/time'

/** A colour or the font of the theme, as the style sheets know it. */
export const hue = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--cd-${name}`).trim()

export const text = () => ({ color: hue('ink-soft'), fontFamily: hue('font'), fontSize: 12 })
export const GRID = { left: 4, right: 16, top: 34, bottom: 4, containLabel: true }
export const legend = () => ({
  top: 0,
  left: 0,
  icon: 'roundRect',
  itemWidth: 12,
  itemHeight: 8,
  itemGap: 14,
  textStyle: text(),
})
const split = () => ({ lineStyle: { color: hue('line') } })
const axis = () => ({
  axisLine: split(),
  axisTick: { show: false },
  axisLabel: text(),
})

/** Every name of a category is shown, in two lines where one is too short. */
export const category = (data: string[], width?: number) => ({
  type: 'category',
  data,
  ...axis(),
  ...(width ? { axisLabel: { ...text(), interval: 0, width, overflow: 'break' } } : {}),
})

export const amounts = (language: Language) => ({
  type: 'value',
  splitLine: split(),
  axisLabel: { ...text(), formatter: (value: number) => shortNumber(value, language) },
})

export const numbers = (unit = '', max?: number) => ({
  type: 'value',
  splitLine: split(),
  ...(max === undefined ? {} : { max }),
  minInterval: unit ? 0 : 1,
  axisLabel: { ...text(), formatter: (value: number) => `${value}${unit}` },
})

export const bar = (name: string, color: string, data: unknown[], more: object = {}) => ({
  name,
  type: 'bar',
  barMaxWidth: 26,
  itemStyle: { color, borderRadius: 3 },
  cursor: 'pointer',
  data,
  ...more,
})
