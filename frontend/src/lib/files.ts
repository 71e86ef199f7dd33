const MEGABYTE = 1024 * 1024

/** As people say it: 48 KB, 3.2 MB. */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < MEGABYTE) return `${Math.round(bytes / 1024)} KB`
  const megabytes = bytes / MEGABYTE
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`
}

const WORDS: [string, RegExp][] = [
  ['requirement', /需求|规格|技术要求|招标|询价|requirement|specification|\bspec\b|\brfq\b/i],
  ['minutes', /纪要|会议|minutes|meeting/i],
  ['contract', /合同|协议|订单|contract|agreement/i],
  ['quote', /报价|quote|quotation|offer/i],
  ['drawing', /图纸|图号|装配图|零件图|drawing|\bdwg\b/i],
  ['recording', /录音|通话|recording/i],
]
const ENDINGS: [string, RegExp][] = [
  ['drawing', /\.(dwg|dxf|step|stp|igs|iges|x_t|sldprt|prt|stl|3dm)$/i],
  ['recording', /\.(mp3|m4a|amr|wav|aac|ogg|3ga)$/i],
  ['photo', /\.(jpe?g|png|heic|webp|gif|bmp)$/i],
]

/** What sort of document a file probably is, among the kinds in use: by its name, then by its ending or type. */
export function guessKind(file: { name: string; type: string }, kinds: string[]): string {
  const guesses = [
    ...WORDS.filter(([, words]) => words.test(file.name)),
    ...ENDINGS.filter(([, ending]) => ending.test(file.name)),
  ].map(([kind]) => kind)
  if (file.type.startsWith('image/')) guesses.push('photo')
  if (file.type.startsWith('audio/')) guesses.push('recording')
  return [...guesses, 'other'].find((kind) => kinds.includes(kind)) ?? kinds[0] ?? 'other'
}

export const tooLarge = (size: number, megabytes: number | undefined): boolean =>
  megabytes !== undefined && size > megabytes * MEGABYTE
