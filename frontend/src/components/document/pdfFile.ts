import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** Which characters the codes of a font that is not in the file stand for: drawings and old letters often leave Chinese fonts out. */
const MAPS = import.meta.glob<string>(
  ['/node_modules/pdfjs-dist/cmaps/*GB*.bcmap', '/node_modules/pdfjs-dist/cmaps/Uni*.bcmap'],
  { query: '?url', import: 'default', eager: true },
)

class OwnFiles {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = MAPS[`/node_modules/pdfjs-dist/cmaps/${filename}`]
    if (!url) throw new Error(`no ${filename}`)
    return new Uint8Array(await (await fetch(url)).arrayBuffer())
  }
}

const OPTIONS = {
  BinaryDataFactory: OwnFiles,
  useWorkerFetch: false,
  isEvalSupported: false,
  useWasm: false,
  enableXfa: false,
}

/** Opens a PDF by its address or by its bytes; `close` gives its memory back. */
export function openPdf(source: string | Blob): { opened: Promise<PDFDocumentProxy>; close: () => void } {
  const task = partOf(source).then((part) => getDocument({ ...OPTIONS, ...part }))
  return {
    opened: task.then(({ promise }) => promise),
    close: () => void task.then((one) => one.destroy()),
  }
}

const partOf = async (source: string | Blob): Promise<{ url: string } | { data: ArrayBuffer }> =>
  typeof source === 'string' ? { url: source } : { data: await source.arrayBuffer() }

/** Draws one page as wide as its place, in the pixels of the screen. */
export async function drawPage(file: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): Promise<void> {
  const page = await file.getPage(number)
  const plain = page.getViewport({ scale: 1 })
  const width = Math.max(canvas.clientWidth, 200) * Math.min(window.devicePixelRatio || 1, 2)
  const viewport = page.getViewport({ scale: width / plain.width })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  await page.render({ canvas, viewport }).promise
}
