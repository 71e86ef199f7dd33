/** A stretch of a letter: what somebody wrote in it, or what it repeats of an earlier one. */
export interface Part {
  isQuoted: boolean
  text: string
}

/** Lines after which mail programs repeat everything that was written before; the server knows the same (`bodies.py`). */
const MARKS = [
  /^\s*[-_—=]{2,}\s*(?:原始邮件|原邮件|回复的原邮件|转发的邮件|转发邮件信息|轉寄的郵件|Original Message|Forwarded message|Original)\s*[-_—=]{2,}/i,
  /^\s*_{20,}\s*$/,
  /^.{0,100}(?:<[^<>@\s]+@[^<>\s]+>|@\S+).{0,60}(?:写道|寫道)\s*[:：]?\s*$/,
  /^.{1,100}[于於]\s*\d{4}.{1,150}(?:写道|寫道)\s*[:：]\s*$/,
]
/** The same, also over two lines. */
const SENTENCES = [
  /^\s*(?:On|Le|Am)\b.{5,200}(?:wrote|a écrit|schrieb)\s*[:：]\s*$/i,
  /^\s*(?:在|于)?\s*\d{4}\s*[-年/.].{3,150}(?:写道|寫道)\s*[:：]?\s*$/,
]
const SENDER = /^\s*\**(?:发件人|寄件者|From|Von|De)\**\s*[:：]/i
const SENT = /^\s*\**(?:发送时间|发送日期|日期|时间|收件人|抄送|主题|寄件日期|Sent|Date|To|Cc|Subject)\**\s*[:：]/i
const LOOKED_AHEAD = 3
/** Of a line that may begin a quotation. */
const LONGEST_LINE = 400

const isMarked = (line: string): boolean => /^\s*>/.test(line)

const saysSo = (line: string): boolean => [...MARKS, ...SENTENCES].some((head) => head.test(line))

/** "From:" alone may be said in a letter; with "Sent:" or "To:" below it, it is the head of another one. */
function isHead(lines: readonly string[], place: number): boolean {
  const [line = '', ...following] = lines
    .slice(place, place + 1 + LOOKED_AHEAD)
    .map((one) => one.slice(0, LONGEST_LINE))
  if (saysSo(line)) return true
  const next = following[0]
  if (next !== undefined && !saysSo(next) && SENTENCES.some((head) => head.test(`${line} ${next}`))) return true
  return SENDER.test(line) && SENT.test(following.find((one) => one.trim()) ?? '')
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
