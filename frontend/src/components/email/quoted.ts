/** A stretch of a letter: what somebody wrote in it, or what it repeats of an earlier one. */
export interface Part {
  isQuoted: boolean
  text: string
}

/** Lines after which mail programs repeat everything that was written before. */
const HEADS = [
  /^\s*-{2,}\s*(original message|forwarded message|原始邮件|转发的邮件|原邮件|轉寄的郵件|回复的原邮件)\s*-{2,}/i,
  /^\s*_{20,}\s*$/,
  /^.+(于\s*\d{4}.+写道|於\s*\d{4}.+寫道)\s*[:：]\s*$/,
]
/** The same, also over two lines. */
const SAID_BEFORE = /^\s*(on\s.+\swrote|在\s*.+\s*[写寫]道)\s*[:：]\s*$/i
const SENDER = /^\s*\**(发件人|寄件者|from)\**\s*[:：]/i
const SENT = /^\s*\**(发送时间|发送日期|日期|时间|收件人|主题|sent|date|to|subject)\**\s*[:：]/i
const LOOKED_AHEAD = 4

const isMarked = (line: string): boolean => /^\s*>/.test(line)

/** "From:" alone may be said in a letter; with "Sent:" or "To:" below it, it is the head of another one. */
function isHead(lines: readonly string[], place: number): boolean {
  const line = lines[place] ?? ''
  if (HEADS.some((head) => head.test(line))) return true
  if (SAID_BEFORE.test(line) || SAID_BEFORE.test(`${line} ${lines[place + 1] ?? ''}`)) return true
  return SENDER.test(line) && lines.slice(place + 1, place + 1 + LOOKED_AHEAD).some((next) => SENT.test(next))
}

/** A letter in the order of its text, what it repeats told apart. A letter that says nothing of its own is all said. */
export function partsOf(text: string): Part[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const from = lines.findIndex((_, place) => isHead(lines, place))
  const parts: Part[] = []
  for (const [place, line] of lines.entries()) {
    const isQuoted = (from >= 0 && place >= from) || isMarked(line)
    const last = parts.at(-1)
    if (
      last &&
      (last.isQuoted === isQuoted || (last.isQuoted && line.trim() === '' && isMarked(lines[place + 1] ?? '')))
    )
      last.text += `\n${line}`
    else parts.push({ isQuoted, text: line })
  }
  const shown = parts.map((part) => ({ ...part, text: part.text.replace(/^\n+|\s+$/g, '') })).filter(({ text }) => text)
  return shown.some(({ isQuoted }) => !isQuoted) ? shown : shown.map((part) => ({ ...part, isQuoted: false }))
}

const ANSWERS = /^(?:\s*(?:re|fw|fwd|aw|回复|答复|回覆|转发|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：])+\s*/i

/** Without what mail programs put before an answer or a forwarded letter. */
export const plainSubject = (subject: string): string => subject.replace(ANSWERS, '').trim()

/** An earlier letter as an answer repeats it. */
export const quoting = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
