import type { Script, Today, TodayItem } from '@/api/types'

const VARIABLE = /\{([a-z_]{1,40})\}/g
const GAP = '____'

/** The words for one lead: what nobody knows is a gap to fill in; braces inside a value are no variables. */
export function scriptOf(
  { scripts }: Pick<Today, 'scripts'>,
  item: Pick<TodayItem, 'script_id' | 'script_values'>,
): Script | null {
  const script = scripts.find(({ id }) => id === item.script_id)
  if (!script) return null
  const values = new Map(Object.entries(item.script_values))
  const fill = (found: string, name: string): string => (values.has(name) ? values.get(name) || GAP : found)
  return { ...script, body: script.body.replace(VARIABLE, fill) }
}
